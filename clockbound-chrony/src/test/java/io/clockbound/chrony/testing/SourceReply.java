/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony.testing;

import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.ReferenceId;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * A source of a scripted chronyd, in the units and with the signs of its SOURCE_DATA reply.
 *
 * @param address of a server; four bytes with the name of a reference clock in its place
 * @param poll log₂ of the time between two questions, seconds
 * @param stratum its distance from the primary reference
 * @param state 0 is selected, 1 not selectable, 4 combined, 5 selectable
 * @param mode 0 is a server, 2 a reference clock
 * @param reach one bit for each of the last eight questions
 * @param sinceSampleSeconds whole seconds since the newest measurement
 * @param originalOffsetSeconds what the newest measurement found; differs between two measurements
 * @param offsetSeconds the same for the estimate as it is now
 * @param errorSeconds half the delay plus the dispersion of it
 */
public record SourceReply(
        InetAddress address,
        int poll,
        int stratum,
        int state,
        int mode,
        int reach,
        long sinceSampleSeconds,
        double originalOffsetSeconds,
        double offsetSeconds,
        double errorSeconds) {

    /** The state of the source that the clock follows. */
    public static final int SELECTED = 0;

    /** The state of a source that is combined with the one that the clock follows. */
    public static final int COMBINED = 4;

    /** The state of a source that might be followed, and is not. */
    public static final int SELECTABLE = 5;

    /** What chronyd reports as time since a measurement that was not made. */
    public static final long NEVER = 0xFFFF_FFFFL;

    static final int COMMAND = 15;

    private static final int REFERENCE_CLOCK = 2;
    private static final int ALL_ANSWERED = 0377;

    /** So that two times of an update are two measurements, and a float still tells them apart. */
    private static final int MEASUREMENTS = 1 << 20;

    /**
     * Returns the source that a chronyd follows whose clock is in this state: it has just measured, found that its estimate is
     * right, and knows that as well as the state says. With every update it has measured anew.
     */
    public static SourceReply followedBy(TrackingReply state) {
        ReferenceId reference = state.reference();
        return new SourceReply(
                ip(ByteBuffer.allocate(4).putInt(reference.code()).array()),
                4,
                reference.isServer() ? Math.max(0, state.stratum() - 1) : 0,
                SELECTED,
                reference.isServer() ? 0 : REFERENCE_CLOCK,
                ALL_ANSWERED,
                0,
                Math.floorMod(state.referenceTime().hashCode(), MEASUREMENTS) * 1e-9,
                0,
                state.rootDelaySeconds() / 2 + state.rootDispersionSeconds());
    }

    /** Tells whether a chronyd whose clock is in this state follows any source. */
    static boolean isAnyFollowedBy(TrackingReply state) {
        return state.leap() != LeapStatus.UNSYNCHRONIZED
                && !state.reference().equals(ReferenceId.NONE)
                && !state.reference().equals(ReferenceId.LOCAL);
    }

    /** Returns an address of four or sixteen bytes. */
    public static InetAddress ip(byte... bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Returns this at another address. */
    public SourceReply withAddress(InetAddress other) {
        return new SourceReply(
                other,
                poll,
                stratum,
                state,
                mode,
                reach,
                sinceSampleSeconds,
                originalOffsetSeconds,
                offsetSeconds,
                errorSeconds);
    }

    /** Returns this with another time between two questions, log₂ of seconds. */
    public SourceReply withPoll(int log2Seconds) {
        return new SourceReply(
                address,
                log2Seconds,
                stratum,
                state,
                mode,
                reach,
                sinceSampleSeconds,
                originalOffsetSeconds,
                offsetSeconds,
                errorSeconds);
    }

    /** Returns this in another state. */
    public SourceReply withState(int other) {
        return new SourceReply(
                address,
                poll,
                stratum,
                other,
                mode,
                reach,
                sinceSampleSeconds,
                originalOffsetSeconds,
                offsetSeconds,
                errorSeconds);
    }

    /** Returns this after other answers; with 0 it has not answered eight times in a row. */
    public SourceReply withReach(int answers) {
        return new SourceReply(
                address,
                poll,
                stratum,
                state,
                mode,
                answers,
                sinceSampleSeconds,
                originalOffsetSeconds,
                offsetSeconds,
                errorSeconds);
    }

    /** Returns this so many seconds after its newest measurement. */
    public SourceReply withSince(long seconds) {
        return new SourceReply(
                address,
                poll,
                stratum,
                state,
                mode,
                reach,
                seconds,
                originalOffsetSeconds,
                offsetSeconds,
                errorSeconds);
    }

    /** Returns this with another newest measurement, as it was found and as it is for the estimate of now. */
    public SourceReply withMeasurement(double originally, double now) {
        return new SourceReply(
                address, poll, stratum, state, mode, reach, sinceSampleSeconds, originally, now, errorSeconds);
    }

    /** Returns this with another error of its newest measurement. */
    public SourceReply withError(double seconds) {
        return new SourceReply(
                address,
                poll,
                stratum,
                state,
                mode,
                reach,
                sinceSampleSeconds,
                originalOffsetSeconds,
                offsetSeconds,
                seconds);
    }

    /** Returns the 48 bytes behind the header of the reply. */
    public byte[] body() {
        ByteBuffer body = ByteBuffer.allocate(48).put(0, address.getAddress());
        body.putShort(16, (short) (address instanceof Inet4Address ? 1 : 2));
        body.putShort(20, (short) poll).putShort(22, (short) stratum).putShort(24, (short) state);
        body.putShort(26, (short) mode).putShort(30, (short) reach).putInt(32, (int) sinceSampleSeconds);
        body.putInt(36, TrackingReply.encodeFloat(originalOffsetSeconds));
        body.putInt(40, TrackingReply.encodeFloat(offsetSeconds));
        return body.putInt(44, TrackingReply.encodeFloat(errorSeconds)).array();
    }
}
