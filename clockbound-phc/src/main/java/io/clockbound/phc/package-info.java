/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** The error of a PTP hardware clock (PHC) that a network card gives to this host, as its driver shows it in sysfs. */
@NullMarked
package io.clockbound.phc;

import org.jspecify.annotations.NullMarked;
