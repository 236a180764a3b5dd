/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.spi;

/** What the words of a time source rest on: a measurement that bounds its estimate, or nothing but the estimate itself. */
public sealed interface Basis permits Measurement, EstimateOnly {}
