/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Everything that the doctor looks at. A new look is a method, which may have several findings, and a line here. */
public final class Doctor {

    private static final Map<String, Check> CHECKS = checks();

    private Doctor() {}

    private static Map<String, Check> checks() {
        Map<String, Check> checks = new LinkedHashMap<>();
        checks.put("whether the daemon answers", DaemonChecks::answers);
        checks.put("the daemon's processes", DaemonChecks::processes);
        checks.put("the daemon's max_clock_error", DaemonChecks::maxClockError);
        checks.put("the ways to chronyd", ReachChecks::ways);
        checks.put("the daemon's way to chronyd", ReachChecks::daemonsWay);
        checks.put("chronyd's sources over this way", ReachChecks::sourcesTold);
        checks.put("chronyd's process", ChronydChecks::process);
        checks.put("chronyd's option -x", ChronydChecks::undisciplined);
        checks.put("the age of chronyd's configuration", ChronydChecks::configuration);
        checks.put("chrony's maxclockerror", SettingChecks::maxClockError);
        checks.put("chrony's maxslewrate", SettingChecks::maxSlewRate);
        checks.put("chrony's makestep", SettingChecks::makeStep);
        checks.put("chrony's maxchange", SettingChecks::maxChange);
        checks.put("chrony's local", SettingChecks::local);
        checks.put("chrony's maxsamples", SettingChecks::maxSamples);
        checks.put("chrony's dumpdir", SettingChecks::restart);
        checks.put("the number of sources", SourceChecks::count);
        checks.put("whether chronyd is synchronised", SourceChecks::synchronization);
        checks.put("whether the sources answer", SourceChecks::answers);
        checks.put("the stratum", SourceChecks::stratum);
        checks.put("the agreement of the sources", SourceChecks::agreement);
        checks.put("combined sources", SourceChecks::combined);
        checks.put("smeared leap seconds", SourceChecks::smeared);
        checks.put("chronyd's skew", SourceChecks::skew);
        checks.put("the reference clock", ReferenceClockChecks::error);
        checks.put("the ENA driver", ReferenceClockChecks::ena);
        checks.put("other programs that set the clock", SteeringChecks::programs);
        checks.put("how the clock moves", SteeringChecks::movement);
        checks.put("the daemon's clock", DaemonChecks::clock); // below what may be the cause
        checks.put("the daemon's warnings", DaemonChecks::warnings);
        checks.put("the clock source", HostChecks::clockSource);
        checks.put("the VMClock", HostChecks::vmClock);
        checks.put("the time namespace", HostChecks::timeNamespace);
        checks.put("the sockets", ServingChecks::sockets);
        checks.put("the segments", ServingChecks::segments);
        checks.put("other writers of the segments", ServingChecks::otherWriters);
        checks.put("the daemon's descriptors", RuntimeChecks::descriptors);
        checks.put("the daemon's tasks", RuntimeChecks::tasks);
        checks.put("the daemon's user and sandbox", RuntimeChecks::sandbox);
        checks.put("the daemon's unit", RuntimeChecks::unit);
        checks.put("the Java runtime", RuntimeChecks::java);
        return checks;
    }

    /** Returns what there is to say of a machine, the worst first. A look that fails is a note, and the others go on. */
    public static List<Finding> findings(Machine machine) {
        return findings(machine, CHECKS);
    }

    static List<Finding> findings(Machine machine, Map<String, Check> checks) {
        List<Finding> findings = new ArrayList<>();
        Map<String, String> denied = new LinkedHashMap<>();
        checks.forEach((subject, check) -> {
            try {
                findings.addAll(check.look(machine));
            } catch (AccessDeniedException e) {
                denied.put(subject, String.valueOf(e.getMessage()));
            } catch (IOException | RuntimeException e) { // a fault in one look must not cost the others
                findings.add(unseen(subject, e.toString()));
            }
        });
        if (!denied.isEmpty()) {
            findings.add(unseen(
                    String.join(", ", denied.keySet()),
                    "this user may not read " + String.join(", ", new TreeSet<>(denied.values()))
                            + "; run this as root"));
        }
        findings.sort(Comparator.comparing(Finding::severity));
        return findings;
    }

    private static Finding unseen(String subject, String reason) {
        return Finding.note("could-not-look", "could not look at " + subject + ": " + reason, "unknown");
    }
}
