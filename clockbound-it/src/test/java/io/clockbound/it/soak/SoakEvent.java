/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.soak;

/** What may happen; each ends by itself, and the daemon is to be synchronised again afterwards. */
enum SoakEvent {
    CHRONYD_KILLED("chronyd killed, restarted later"),
    CHRONYD_STOPPED("chronyd stopped for a while"),
    PATH_CUT("the way to the server cut"),
    PATH_ASYMMETRIC("the way to the server longer by 10 ms in one direction"),
    FREQUENCY_CHANGED("the oscillator faster or slower by 50 ppm"),
    STEP_BY_HAND("chronyc makestep, which chronyd may not make"),
    DAEMON_KILLED("the daemon killed by SIGKILL, restarted at once"),
    DAEMON_ENDED("the daemon ended by SIGTERM, restarted later"),
    DAEMON_STOPPED("the daemon stopped for a while"),
    DAEMON_RELOADED("SIGHUP"),
    DISRUPTION_FORCED("SIGUSR1, and SIGUSR2 later"),
    LOG_ROTATED("the daemon's log copied and truncated"),
    PHC_BOUND_GONE("the file of the hardware clock's error gone for a while"),
    GUEST_STEPPED("the guest's wall clock stepped by up to 2 s"),
    GUEST_RESTORED("the guest stopped, its wall clock behind afterwards"),
    GUEST_MOVED("the guest's daemon killed, restarted in another time namespace");

    private final String what;

    SoakEvent(String what) {
        this.what = what;
    }

    /** Returns what happens, for a person to read. */
    @Override
    public String toString() {
        return what;
    }
}
