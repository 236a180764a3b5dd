/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** What came of one {@code clockboundctl} command. */
record CtlRun(int code, String out, String err) {

    static CtlRun of(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine program = ClockBoundCtl.commandLine();
        program.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int code = program.execute(words);
        return new CtlRun(code, out.toString(), err.toString());
    }

    JsonNode outJson() throws IOException {
        return new ObjectMapper().readTree(out);
    }

    JsonNode errJson() throws IOException {
        return new ObjectMapper().readTree(err);
    }
}
