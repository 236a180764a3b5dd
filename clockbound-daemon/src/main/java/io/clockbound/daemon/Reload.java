/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import io.clockbound.daemon.config.ConfigProblems;
import io.clockbound.daemon.config.Invocation;
import io.clockbound.daemon.log.Logging;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What SIGHUP does: reads the configuration again, adopts what it can, and says what needs a restart. */
final class Reload implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

    private static final String FAILED = "reload";
    private static final String IGNORED = "options that wait for a restart";

    private static final List<String> ADOPTED = List.of("level", "log-format");

    private final Warnings warnings;
    private final String[] arguments;
    private final Map<String, String> startedWith;
    private Map<String, String> values;

    Reload(Invocation first, Warnings warnings, String... arguments) {
        this.warnings = warnings;
        this.startedWith = first.values();
        this.values = first.values();
        this.arguments = arguments.clone();
    }

    @Override
    public synchronized void run() {
        Invocation next;
        try {
            next = Invocation.parse(arguments);
        } catch (IllegalArgumentException e) {
            List<String> problems = ConfigProblems.of(arguments);
            fail("Configuration not reloaded: " + (problems.isEmpty() ? e.getMessage() : String.join("; ", problems)));
            return;
        } catch (RuntimeException | LinkageError | ServiceConfigurationError e) {
            // jars were replaced under a daemon that runs: it goes on with what it has loaded
            fail("Configuration not reloaded: " + e + "; were jars replaced? A restart loads them");
            return;
        }
        List<String> adopted = new ArrayList<>();
        List<String> ignored = new ArrayList<>();
        next.values().forEach((option, value) -> {
            if (ADOPTED.contains(option)) {
                if (!value.equals(values.get(option))) {
                    adopted.add(option);
                }
            } else if (!value.equals(startedWith.get(option))) {
                ignored.add(option);
            }
        });
        Logging.apply(next.config().log());
        LOG.info("Configuration reloaded; changed: {}", adopted.isEmpty() ? "nothing" : String.join(", ", adopted));
        warnings.end(FAILED);
        warnings.end(IGNORED);
        if (!ignored.isEmpty()) {
            String warning = "Changed, but only a restart adopts it: " + String.join(", ", ignored);
            LOG.warn(warning);
            warnings.hold(IGNORED, warning);
        }
        values = next.values();
    }

    private void fail(String message) {
        LOG.error(message);
        warnings.hold(FAILED, message);
    }
}
