/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import java.nio.charset.StandardCharsets;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Sets up Logback: everything goes to standard output, where systemd and containers look for it, and nobody waits until it
 * is there.
 *
 * <p>In code, and in place of Logback's own start, which looks for files and services that this program has not: that would
 * cost a daemon of this size a twentieth of its start-up time, and XML another third.
 */
public final class Logging implements SLF4JServiceProvider {

    private final LoggerContext context = new LoggerContext();
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final LogbackMDCAdapter mdc = new LogbackMDCAdapter();

    /** Called by SLF4J when the first logger is asked for. */
    public Logging() {}

    @Override
    public void initialize() {
        context.setMDCAdapter(mdc);
        context.start();
        apply(context, LogSettings.DEFAULTS);
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return context;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return mdc;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0";
    }

    public static void apply(LogSettings settings) {
        System.setProperty("slf4j.provider", Logging.class.getName());
        System.setProperty(
                "slf4j.internal.verbosity", "WARN"); // it would say on standard error which provider it takes
        apply((LoggerContext) LoggerFactory.getILoggerFactory(), settings);
    }

    /** Writes what waits, unless nobody reads it, and ends logging. */
    public static void end() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).reset();
    }

    private static void apply(LoggerContext context, LogSettings settings) {
        context.reset();
        Encoder<ILoggingEvent> encoder = switch (settings.format()) {
            // systemd sets this when standard output is the journal, which adds the time itself
            case text -> encoder(context, new TextLayout(System.getenv("JOURNAL_STREAM") != null));
            case json -> encoder(context, new JsonLayout());
        };
        encoder.setContext(context);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setEncoder(encoder);
        console.start();
        DroppingAppender appender = new DroppingAppender();
        appender.setContext(context);
        appender.addAppender(console);
        appender.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(ch.qos.logback.classic.Level.convertAnSLF4JLevel(settings.level()));
        root.addAppender(appender);
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, Layout<ILoggingEvent> layout) {
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);
        return encoder;
    }
}
