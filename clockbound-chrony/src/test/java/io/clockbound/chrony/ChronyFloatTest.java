/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.clockbound.chrony.testing.TrackingReply;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChronyFloatTest {

    @ParameterizedTest
    @CsvSource({
        "04800000, 1.0",
        "03000000, -1.0",
        "05800000, -1.0",
        "02800000, 0.5",
        "2af42400, 1e6",
        "00000000, 0.0",
        "80000000, 0.0",
        "7effffff, 4.611685743549481e18",
        "7f000000, -4.611686018427388e18",
        "80000001, 1.6155871338926322e-27"
    })
    void floatHasTheValueThatChronydMeansByIt(String bits, double value) {
        assertThat(ChronyFloat.decode(Integer.parseUnsignedInt(bits, 16))).isEqualTo(value);
    }

    @Test
    void everyFloatSurvivesEncoding() {
        Random random = new Random(1);
        for (int i = 0; i < 200_000; i++) {
            double value = ChronyFloat.decode(random.nextInt());
            if (ChronyFloat.decode(TrackingReply.encodeFloat(value)) != value) {
                fail("%s does not survive", value);
            }
        }
    }

    @Test
    void encodingLosesLessThanTheRelativeErrorThatIsAllowedFor() {
        Random random = new Random(2);
        for (int i = 0; i < 200_000; i++) {
            double value = Math.scalb(random.nextDouble() - 0.5, random.nextInt(60) - 40);
            double decoded = ChronyFloat.decode(TrackingReply.encodeFloat(value));
            if (Math.abs(decoded - value) > Math.abs(value) * ChronyFloat.RELATIVE_ERROR) {
                fail("%s became %s", value, decoded);
            }
        }
    }
}
