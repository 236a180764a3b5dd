/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;

/** Why something cannot be done with a file, for people: the message of some exceptions is nothing but the path. */
final class FileFailure {

    private FileFailure() {}

    static String text(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof NoSuchFileException) {
            return message + " does not exist";
        }
        if (failure instanceof AccessDeniedException) {
            return "this user may not use " + message;
        }
        if (failure instanceof FileAlreadyExistsException) {
            return message + " is there already";
        }
        return failure instanceof IOException ? message : failure.toString();
    }
}
