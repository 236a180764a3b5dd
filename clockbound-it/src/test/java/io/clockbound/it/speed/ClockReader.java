/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs a {@link ClockReading}, each time in a new JVM.
 *
 * @param reading what is run
 * @param address where its clock has its readings from
 * @param directory has room for scripts
 */
record ClockReader(
        Class<? extends ClockReading> reading,
        String address,
        JavaRuntime runtime,
        Path directory,
        SpeedEffort effort) {

    private static final int WARM_UPS = 3;

    /** JMH calls what Java 24 and later warn of, on standard output. */
    private static final String[] NO_WARNINGS = {
        "-XX:+IgnoreUnrecognizedVMOptions", "--sun-misc-unsafe-memory-access=allow"
    };

    static ClockReader ofSharedMemory(JavaRuntime runtime, Path segment, Path directory, SpeedEffort effort) {
        return new ClockReader(SharedMemoryReading.class, segment.toString(), runtime, directory, effort);
    }

    /**
     * What came out.
     *
     * @param bytes allocated by each reading
     */
    record Outcome(Speed speed, double bytes) {}

    /** Reads for a round, in {@code threads} threads on as many processors, of which there are two. */
    Outcome read(String method, int threads) throws IOException, RunnerException {
        TimeValue warmUp = TimeValue.milliseconds(10L * effort.batchMillis());
        Options options = new OptionsBuilder()
                .include(reading.getName() + "\\." + method + "$")
                .param("address", address)
                .jvm(javaOn(threads == 1 ? "0" : "0,1").toString())
                .jvmArgs(NO_WARNINGS)
                .threads(threads)
                .forks(1)
                .warmupIterations(WARM_UPS)
                .warmupTime(warmUp)
                .measurementIterations(effort.readings())
                .measurementTime(TimeValue.milliseconds(effort.batchMillis()))
                .timeUnit(TimeUnit.NANOSECONDS)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        return outcome(new Runner(options).runSingle(), threads);
    }

    private static Outcome outcome(RunResult result, int threads) {
        double[] nanos = result.getAggregatedResult().getIterationResults().stream()
                .map(IterationResult::getPrimaryResult)
                .mapToDouble(each -> each.getScore())
                .toArray();
        Speed each = Speed.ofBatches(nanos);
        Speed all = new Speed(each.medianNanos(), each.lateNanos(), threads * each.perSecond());
        Result<?> bytes = Objects.requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm"));
        return new Outcome(all, bytes.getScore());
    }

    /** Makes a program that is the runtime's, on some processors. */
    private Path javaOn(String processors) throws IOException {
        Path script = directory.resolve("java" + runtime.version() + "on" + processors);
        if (!Files.exists(script)) {
            Path java = runtime.home().resolve("bin/java");
            Files.write(script, List.of("#!/bin/sh", "exec taskset -c " + processors + " " + java + " \"$@\""));
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return script;
    }
}
