/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.testing;

import io.clockbound.spi.TimeSource;

class FakeTimeSourceTest extends TimeSourceContract {

    @Override
    protected TimeSource replying() {
        return new FakeTimeSource();
    }

    @Override
    protected TimeSource silent() {
        return new FakeTimeSource().fail("no reply from fake");
    }
}
