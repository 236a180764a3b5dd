/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import io.clockbound.chrony.ChronyWay;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/**
 * How the chronyd that runs was started, which need not be what a file in {@code /etc} says.
 *
 * @param process its process
 * @param isUndisciplined whether it was told not to set the clock ({@code -x})
 * @param isRestored whether it was told to load its samples of before ({@code -r})
 * @param file the configuration that it has read; empty when its command line has directives instead, or there is none
 * @param directives what it was told, in order
 */
record ChronydStart(
        MachineProcess process,
        boolean isUndisciplined,
        boolean isRestored,
        Optional<Path> file,
        List<Directive> directives) {

    private static final String WITH_ARGUMENT = "fFlLNPtu";
    private static final List<String> USUAL_FILES = List.of("/etc/chrony/chrony.conf", "/etc/chrony.conf");
    private static final int MAX_DEPTH = 8;

    /**
     * A line of the configuration.
     *
     * @param name its first word, in lower case
     * @param arguments the others
     * @param where the file and the number of the line
     */
    record Directive(String name, List<String> arguments, String where) {

        /** Returns an argument as a number; empty when there is none there. */
        Optional<Double> number(int index) {
            try {
                return index < arguments.size() ? Optional.of(Double.valueOf(arguments.get(index))) : Optional.empty();
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }

        String text() {
            return (name + " " + String.join(" ", arguments)).strip();
        }
    }

    /** Returns how the chronyd that was asked was started; empty when it is not seen, or is not told from others. */
    static Optional<ChronydStart> of(Machine machine) throws IOException {
        List<MachineProcess> processes = machine.chronyds();
        if (processes.size() == 1) {
            return Optional.of(of(machine, processes.get(0)));
        }
        for (MachineProcess process : processes) { // as where networks are tried: the one that was asked counts
            ChronydStart start = of(machine, process);
            if (start.gives(machine, ChronyWay.Result.ANSWERS)) {
                return Optional.of(start);
            }
        }
        return Optional.empty();
    }

    /** Tells whether this chronyd was asked, by what its configuration says of its addresses, with this result. */
    boolean gives(Machine machine, ChronyWay.Result result) throws IOException {
        String port = directive("cmdport")
                .map(it -> it.text().substring("cmdport ".length()))
                .orElse("323");
        List<String> paths = directives.stream()
                .filter(it -> it.name().equals("bindcmdaddress"))
                .flatMap(it -> it.arguments().stream())
                .filter(it -> it.startsWith("/"))
                .toList();
        String path = paths.isEmpty() ? "/run/chrony/chronyd.sock" : paths.get(paths.size() - 1);
        boolean isSeen = process.sees(machine, machine.file(path));
        return machine.ways().stream()
                .filter(way -> way.result() == result)
                .anyMatch(way -> (isSeen && way.address().equals("unix:" + path))
                        || way.address().endsWith(":" + port));
    }

    static ChronydStart of(Machine machine, MachineProcess process) throws IOException {
        StringBuilder flags = new StringBuilder();
        List<String> lines = new ArrayList<>();
        String named = "";
        List<String> words = process.arguments();
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.startsWith("-")) {
                lines.add(word);
                continue;
            }
            for (int letter = 1; letter < word.length(); letter++) {
                char flag = word.charAt(letter);
                flags.append(flag);
                if (WITH_ARGUMENT.indexOf(flag) >= 0) {
                    boolean isBehind = letter + 1 < word.length();
                    String argument =
                            isBehind ? word.substring(letter + 1) : i + 1 < words.size() ? words.get(++i) : "";
                    named = flag == 'f' ? argument : named;
                    break;
                }
            }
        }
        List<Directive> directives = new ArrayList<>();
        Optional<Path> file = Optional.empty();
        if (lines.isEmpty()) {
            file = named.startsWith("/") ? Optional.of(process.file(machine, named)) : usualFile(machine, process);
            if (file.isPresent()) {
                read(machine, process, file.get(), directives, 0);
            }
        } else {
            lines.forEach(line -> add(line, "chronyd's command line", directives));
        }
        return new ChronydStart(
                process, flags.indexOf("x") >= 0, flags.indexOf("r") >= 0, file, List.copyOf(directives));
    }

    private static Optional<Path> usualFile(Machine machine, MachineProcess process) throws IOException {
        for (String usual : USUAL_FILES) {
            Path file = process.file(machine, usual);
            if (Files.exists(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    private static void read(Machine machine, MachineProcess process, Path file, List<Directive> directives, int depth)
            throws IOException {
        int number = 0;
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            number++;
            int before = directives.size();
            add(line, file + " line " + number, directives);
            if (directives.size() > before && depth < MAX_DEPTH) {
                Directive last = directives.get(before);
                switch (last.name()) {
                    case "include" -> readAll(machine, process, last.arguments(), "", directives, depth);
                    case "confdir" -> readAll(machine, process, last.arguments(), "/*.conf", directives, depth);
                    case "sourcedir" -> readAll(machine, process, last.arguments(), "/*.sources", directives, depth);
                    default -> {} // the others name no files of directives
                }
            }
        }
    }

    private static void readAll(
            Machine machine,
            MachineProcess process,
            List<String> paths,
            String suffix,
            List<Directive> directives,
            int depth)
            throws IOException {
        for (String path : paths) {
            int slash = (path + suffix).lastIndexOf('/');
            if (!path.startsWith("/")) {
                continue;
            }
            Path directory = process.file(machine, (path + suffix).substring(0, Math.max(slash, 1)));
            TreeSet<Path> files = new TreeSet<>();
            try (DirectoryStream<Path> matching =
                    Files.newDirectoryStream(directory, (path + suffix).substring(slash + 1))) {
                matching.forEach(files::add);
            } catch (NoSuchFileException e) {
                continue; // chronyd does without, too
            }
            for (Path file : files) {
                read(machine, process, file, directives, depth + 1);
            }
        }
    }

    private static void add(String line, String where, List<Directive> directives) {
        String stripped = line.strip();
        if (!stripped.isEmpty() && "!;#%".indexOf(stripped.charAt(0)) < 0) {
            List<String> words = List.of(stripped.split("\\s+"));
            directives.add(new Directive(words.get(0).toLowerCase(Locale.ROOT), words.subList(1, words.size()), where));
        }
    }

    /** Returns the last directive of this name, which is the one that holds. */
    Optional<Directive> directive(String name) {
        return directives.stream().filter(it -> it.name().equals(name)).reduce((first, last) -> last);
    }
}
