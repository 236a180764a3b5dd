/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.spi;

/**
 * The source knows or tells its estimate alone. An estimate is no bound: it lags behind what was measured, and a mean of
 * several servers has no error that any of them vouches for. It is trusted only where an operator allows that.
 *
 * @param reason why there is no measurement, with the remedy; equal reasons have equal words
 */
public record EstimateOnly(String reason) implements Basis {}
