/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

/** What is known at a poll of the error of the reference itself, which no measurement shows. */
sealed interface ReferenceError {

    /** The providers tell it; when the source measured, it may have been another. */
    record Told(long nanos) implements ReferenceError {}

    /** The operator told it, and it does not change. */
    record Configured(long nanos) implements ReferenceError {}

    /** There is none: what the source reports of a server includes the server's error. */
    record None() implements ReferenceError {}

    /** No provider knows this reference clock, and the operator has said nothing of it. */
    record Unknown() implements ReferenceError {}

    /** The provider that knows it cannot tell now. */
    record Failed(String reason) implements ReferenceError {}
}
