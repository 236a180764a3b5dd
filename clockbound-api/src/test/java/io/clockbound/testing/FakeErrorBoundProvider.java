/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.testing;

import io.clockbound.spi.ErrorBoundProvider;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.Services;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Knows the error of one reference clock, as a test told it. Thread-safe. */
public final class FakeErrorBoundProvider implements ErrorBoundProvider {

    private final ReferenceId known;
    private long errorNanos;
    private @Nullable String failure;

    /** Creates a provider for {@code known}. */
    public FakeErrorBoundProvider(ReferenceId known, long errorNanos) {
        this.known = known;
        this.errorNanos = errorNanos;
    }

    /** Tells this error from now on. */
    public synchronized void tell(long nanos) {
        errorNanos = nanos;
        failure = null;
    }

    /** Fails with these words until the next {@link #tell}. */
    public synchronized void fail(String message) {
        failure = message;
    }

    @Override
    public synchronized OptionalLong errorNanos(ReferenceId reference) throws IOException {
        if (!reference.equals(known)) {
            return OptionalLong.empty();
        }
        if (failure != null) {
            throw new IOException(failure);
        }
        return OptionalLong.of(errorNanos);
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public ErrorBoundProvider with(Map<String, String> settings) {
        Services.requireKnown(name(), settings, Set.of());
        return this;
    }
}
