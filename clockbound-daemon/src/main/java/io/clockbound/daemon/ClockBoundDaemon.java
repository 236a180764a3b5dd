/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import com.google.inject.Guice;
import com.google.inject.Stage;
import io.clockbound.EmbeddedClock;
import io.clockbound.daemon.config.ConfigProblems;
import io.clockbound.daemon.config.DaemonConfig;
import io.clockbound.daemon.config.Invocation;
import io.clockbound.daemon.config.Setting;
import io.clockbound.daemon.config.Version;
import io.clockbound.daemon.log.Logging;
import io.clockbound.daemon.log.StandardOutput;
import io.clockbound.socket.NativeChoice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program {@code clockboundd}. */
public final class ClockBoundDaemon {

    private ClockBoundDaemon() {}

    /** Runs the daemon until SIGTERM or SIGINT. */
    public static void main(String[] arguments) throws InterruptedException {
        Thread.setDefaultUncaughtExceptionHandler(ClockBoundDaemon::endByFault);
        StandardOutput.install();
        System.exit(run(arguments));
    }

    /** Ends the process, so that a supervisor starts it anew: a daemon that lost a thread would serve only in part. */
    private static void endByFault(Thread thread, Throwable fault) {
        try {
            LoggerFactory.getLogger(ClockBoundDaemon.class)
                    .error("Thread {} died of a fault of the program", thread.getName(), fault);
            Logging.end();
        } finally {
            Runtime.getRuntime().halt(ExitCode.FAILED);
        }
    }

    static int run(String... arguments) throws InterruptedException {
        Thread preparation = startPreparation();
        Invocation invocation;
        try {
            String text = Invocation.textAskedFor(arguments).orElse("");
            if (!text.isEmpty()) {
                System.out.print(text);
                return written();
            }
            invocation = Invocation.parse(arguments);
        } catch (IllegalArgumentException e) {
            List<String> problems = ConfigProblems.of(arguments);
            (problems.isEmpty() ? List.of(String.valueOf(e.getMessage())) : problems)
                    .forEach(problem -> System.err.println("clockboundd: " + problem));
            return ExitCode.USAGE;
        } finally {
            preparation.join(); // no two threads load one library, and no end leaves native code half unpacked
        }
        if (invocation.isPrintOnly()) {
            System.out.print(Setting.lines(invocation.settings()));
        }
        if (invocation.isCheckOnly() || invocation.isPrintOnly()) {
            return invocation.isCheckOnly() ? check(invocation.config()) : written();
        }
        Logging.apply(invocation.config().log());
        int code = serve(invocation, arguments);
        Logging.end(); // not after a fault, whose handler still has to log it
        return code;
    }

    private static int check(DaemonConfig config) {
        config.warnings().forEach(warning -> System.out.println("warning: " + warning));
        List<String> problems = StartCheck.problems(config);
        problems.forEach(problem -> System.err.println("clockboundd: " + problem));
        System.out.println(
                problems.isEmpty()
                        ? "The configuration is valid."
                        : "The configuration is valid, but not for this user on this machine.");
        return written() == ExitCode.OK && problems.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static int written() {
        if (System.out.checkError()) {
            System.err.println("clockboundd: cannot write to standard output");
            return ExitCode.FAILED;
        }
        return ExitCode.OK;
    }

    /** Loads on another processor, while this one reads the command line, the libraries that take longest to load. */
    private static Thread startPreparation() {
        Thread thread = new Thread(
                () -> {
                    NativeChoice.preload();
                    Guice.createInjector();
                },
                "preparation");
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((of, failure) -> {}); // it comes again where the library is needed
        thread.start();
        return thread;
    }

    private static int serve(Invocation invocation, String... arguments) throws InterruptedException {
        Logger log = LoggerFactory.getLogger(ClockBoundDaemon.class);
        log.info("clockboundd {}", Version.number());
        invocation.config().warnings().forEach(log::warn);
        // what lacks for the rest ends the start, or is said where it is needed first
        invocation.config().providers().forEach(provider -> provider.problems().forEach(log::warn));
        CountDownLatch stop = new CountDownLatch(1);
        try (Daemon daemon = Guice.createInjector(Stage.PRODUCTION, new DaemonModule(invocation.config()))
                .getInstance(Daemon.class)) {
            Reload reload = new Reload(invocation, daemon.warnings(), arguments);
            handleSignals(log, daemon, stop, reload);
            daemon.start();
            stop.await();
            log.info("Ending");
            return ExitCode.OK;
        } catch (IOException e) {
            log.error("Cannot serve: {}", e.getMessage());
            return ExitCode.FAILED;
        }
    }

    private static void handleSignals(Logger log, Daemon daemon, CountDownLatch stop, Reload reload) {
        EmbeddedClock clock = daemon.clock();
        Map<String, Runnable> actions = Map.of(
                "TERM", stop::countDown,
                "INT", stop::countDown,
                "HUP", reload,
                "USR1", clock::beginDisruption,
                "USR2", clock::endDisruption);
        List<String> refused = new ArrayList<>();
        new TreeMap<>(actions).forEach((name, action) -> {
            if (!Signals.handle(name, action)) {
                refused.add(name);
            }
        });
        if (!refused.isEmpty()) {
            // USR2 is HotSpot's own unless _JAVA_SR_SIGNUM names another, as the launcher does
            String warning = "This Java runtime keeps signals for itself: " + refused;
            log.warn(warning);
            daemon.warnings().hold("signals", warning);
        }
    }
}
