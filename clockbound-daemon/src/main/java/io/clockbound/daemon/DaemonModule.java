/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.TypeLiteral;
import io.clockbound.BoundSettings;
import io.clockbound.EmbeddedClock;
import io.clockbound.LocalClock;
import io.clockbound.daemon.config.DaemonConfig;
import io.clockbound.spi.ErrorBoundProvider;
import io.clockbound.spi.TimeSource;
import jakarta.inject.Singleton;
import java.util.List;

/** Puts the daemon together from its configuration. */
public final class DaemonModule extends AbstractModule {

    private final DaemonConfig config;

    public DaemonModule(DaemonConfig config) {
        this.config = config;
    }

    @Override
    protected void configure() {
        binder().requireExplicitBindings();
        binder().disableCircularProxies();
        bind(LocalClock.class).toInstance(LocalClock.system());
        bind(BoundSettings.class).toInstance(config.bound());
        bind(TimeSource.class).toInstance(config.source());
        bind(new TypeLiteral<List<ErrorBoundProvider>>() {}).toInstance(config.providers());
        bind(DaemonConfig.class).toInstance(config);
        bind(SystemdNotifier.class).toInstance(SystemdNotifier.of(System.getenv(), config.bound()));
        bind(PollLog.class);
        bind(StatusReport.class);
        bind(Daemon.class);
    }

    @Provides
    @Singleton
    EmbeddedClock clock(
            LocalClock local,
            TimeSource source,
            List<ErrorBoundProvider> providers,
            BoundSettings settings,
            StatusReport report,
            SystemdNotifier manager,
            PollLog log) {
        return new EmbeddedClock(
                local,
                source,
                providers,
                settings,
                poll -> {
                    report.accept(poll); // the segments first: whoever reads them must not wait for the log
                    log.accept(poll);
                    manager.accept(poll);
                },
                config.vmClock());
    }
}
