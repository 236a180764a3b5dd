/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

/**
 * One thing that was found.
 *
 * @param name stands for it in scripts and documents
 * @param severity how bad it is
 * @param fact what was found, with the evidence; a sentence
 * @param consequence what that means for the bound; empty when it is in order
 * @param remedy the command or the line of configuration that mends it; empty when there is nothing to mend
 */
public record Finding(String name, Severity severity, String fact, String consequence, String remedy) {

    static Finding fault(String name, String fact, String consequence, String remedy) {
        return new Finding(name, Severity.FAULT, fact, consequence, remedy);
    }

    static Finding warning(String name, String fact, String consequence, String remedy) {
        return new Finding(name, Severity.WARNING, fact, consequence, remedy);
    }

    static Finding note(String name, String fact, String consequence) {
        return new Finding(name, Severity.NOTE, fact, consequence, "");
    }

    static Finding fine(String name, String fact) {
        return new Finding(name, Severity.FINE, fact, "", "");
    }
}
