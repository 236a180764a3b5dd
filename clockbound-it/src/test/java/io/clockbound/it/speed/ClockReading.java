/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What a Java service does to know the time. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public abstract class ClockReading {

    /** Where the clock has its readings from; it has no default. */
    @Param("")
    public String address = "";

    @SuppressWarnings("NullAway.Init") // JMH opens it first
    private BoundedClock clock;

    /** Opens the clock. */
    @Setup
    public void open() throws Exception {
        clock = clockAt(address);
    }

    abstract BoundedClock clockAt(String address) throws Exception;

    /** Lets go of it. */
    @TearDown
    public void close() {
        clock.close();
    }

    /** The interval and its status. */
    @Benchmark
    public BoundedInstant read() {
        return clock.read();
    }

    /** The interval. */
    @Benchmark
    public BoundedInstant now() {
        return clock.now();
    }

    /** One end of it, as a number. */
    @Benchmark
    public long latestNanos() {
        return clock.latestNanos();
    }
}
