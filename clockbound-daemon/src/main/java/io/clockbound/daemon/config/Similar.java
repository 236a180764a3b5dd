/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The name that a mistyped word is likely meant to be. */
final class Similar {

    private Similar() {}

    /** Returns the name with the fewest wrong, missing, additional and exchanged characters, if they are few. */
    static Optional<String> to(String word, Collection<String> names) {
        int most = word.length() < 5 ? 1 : word.length() < 10 ? 2 : 3;
        return names.stream()
                .filter(name -> distance(word, name) <= most)
                .min(Comparator.comparingInt((String name) -> distance(word, name))
                        .thenComparingInt(name -> Math.abs(name.length() - word.length()))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static int distance(String word, String name) {
        int[][] of = new int[word.length() + 1][name.length() + 1];
        for (int i = 0; i <= word.length(); i++) {
            for (int j = 0; j <= name.length(); j++) {
                if (i == 0 || j == 0) {
                    of[i][j] = i + j;
                    continue;
                }
                boolean isSame = word.charAt(i - 1) == name.charAt(j - 1);
                of[i][j] = Math.min(of[i - 1][j - 1] + (isSame ? 0 : 1), Math.min(of[i - 1][j], of[i][j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && word.charAt(i - 1) == name.charAt(j - 2)
                        && word.charAt(i - 2) == name.charAt(j - 1)) {
                    of[i][j] = Math.min(of[i][j], of[i - 2][j - 2] + 1);
                }
            }
        }
        return of[word.length()][name.length()];
    }
}
