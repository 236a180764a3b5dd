/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Settings of a service as people write them: {@code NAME=VALUE}. */
final class SettingText {

    /** What separates two of them: white space, but not that within a value, as after the commas of a list. */
    static final String BETWEEN = "\\s+(?=[a-z][a-z0-9-]*=)";

    private static final Pattern FORM = Pattern.compile("([a-z][a-z0-9-]*)=(.*)", Pattern.DOTALL);

    private SettingText() {}

    /**
     * Returns the settings by name.
     *
     * @throws IllegalArgumentException when one has another form, or is given twice
     */
    static Map<String, String> parse(String option, List<String> texts) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String text : texts) {
            Matcher matcher = FORM.matcher(text.strip());
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        option + " '" + text + "' must be NAME=VALUE, such as address=127.0.0.1:323");
            }
            String before = settings.put(matcher.group(1), matcher.group(2));
            if (before != null) {
                throw new IllegalArgumentException(option + " '" + matcher.group(1) + "' is given twice, as '" + before
                        + "' and as '" + matcher.group(2) + "'; keep one");
            }
        }
        return settings;
    }
}
