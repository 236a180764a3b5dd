/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.spi;

/**
 * The source reports an estimate without a measurement. An estimate is no bound: it lags behind the measurements, and a mean
 * of several servers has an error that none of them vouches for. It is trusted only where an operator allows that.
 *
 * @param reason why there is no measurement, with the remedy; equal reasons have equal words
 */
public record EstimateOnly(String reason) implements Basis {}
