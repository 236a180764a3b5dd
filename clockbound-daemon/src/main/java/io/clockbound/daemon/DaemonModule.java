/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import com.google.inject.AbstractModule;
import io.clockbound.BoundSettings;
import io.clockbound.LocalClock;
import io.clockbound.daemon.config.DaemonConfig;
import io.clockbound.spi.TimeSource;

/** Puts the daemon together from its configuration. */
public final class DaemonModule extends AbstractModule {

    private final DaemonConfig config;

    /** Creates a module for one daemon. */
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
        bind(DaemonConfig.class).toInstance(config);
        Warnings warnings = new Warnings(config.warnings());
        bind(Warnings.class).toInstance(warnings);
        bind(SystemdNotifier.class)
                .toInstance(SystemdNotifier.of(LocalClock.system(), System.getenv(), config.bound(), warnings));
        bind(Servers.class);
        bind(History.class);
        bind(StatusReport.class);
        bind(PollLog.class);
        bind(Daemon.class);
    }
}
