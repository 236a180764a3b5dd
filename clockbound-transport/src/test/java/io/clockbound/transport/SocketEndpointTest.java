/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a failure of a socket means, and whom it blames. */
class SocketEndpointTest {

    @TempDir
    Path directory;

    @Test
    void aSocketThatIsThereAndRefusesWasLeftByADaemonThatEnded() throws IOException {
        assertThat(there(new ConnectException("refused, in any language")))
                .isEqualTo("connection refused: clockboundd ended without removing it; start clockboundd");
        assertThat(there(new IOException("sendto: Connection refused"))).startsWith("connection refused: ");
    }

    @Test
    void aSocketThatIsNotThereNamesTheDirectoryToGive() {
        assertThat(meaning(directory.resolve("none"), new IOException("what a library says")))
                .isEqualTo("no such socket: start clockboundd, or name the directory of its --run-dir");
    }

    @Test
    void whatThisProcessDidItselfIsNoFaultOfTheDaemon() throws IOException {
        String busy = "the readings of other threads took all of the time";
        assertThat(there(new SocketTimeoutException(busy))).isEqualTo(busy);
        assertThat(there(new InterruptedIOException("interrupted"))).isEqualTo("interrupted");
        assertThat(meaning(directory.resolve("none"), new InterruptedIOException("interrupted")))
                .isEqualTo("interrupted");
    }

    @Test
    void anyOtherFailureIsSaidAsItIs() throws IOException {
        assertThat(there(new IOException("Too many open files"))).isEqualTo("Too many open files");
    }

    private String there(IOException failure) throws IOException {
        Path socket = directory.resolve("there");
        return meaning(Files.exists(socket) ? socket : Files.createFile(socket), failure);
    }

    private static String meaning(Path path, IOException failure) {
        SocketEndpoint endpoint = new SocketEndpoint(SocketEndpoint.Kind.STREAM, path);
        return String.valueOf(endpoint.explain(failure).getMessage()).replace(endpoint + ": ", "");
    }
}
