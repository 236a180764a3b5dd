/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a JSON object (RFC 8259) into maps, lists, strings, numbers and booleans. The library has no other dependency. */
final class JsonReader {

    /** No report is deeper; a deeper text would overflow the stack. */
    private static final int MAX_DEPTH = 32;

    /** Stands for JSON's null. */
    static final Object NULL = new Object();

    private final String text;
    private int at;

    private JsonReader(String text) {
        this.text = text;
    }

    /**
     * Reads an object.
     *
     * @throws ProtocolException when the text is anything else
     */
    static Map<String, Object> object(String text) throws ProtocolException {
        JsonReader reader = new JsonReader(text);
        reader.skipBlanks();
        Map<String, Object> object = reader.object(0);
        reader.skipBlanks();
        if (reader.at < text.length()) {
            throw reader.unexpected("the end");
        }
        return object;
    }

    private Map<String, Object> object(int depth) throws ProtocolException {
        Map<String, Object> object = new LinkedHashMap<>();
        take('{');
        skipBlanks();
        while (peek() != '}') {
            if (!object.isEmpty()) {
                take(',');
                skipBlanks();
            }
            String name = string();
            skipBlanks();
            take(':');
            object.put(name, value(depth + 1));
        }
        take('}');
        return object;
    }

    private List<Object> array(int depth) throws ProtocolException {
        List<Object> array = new ArrayList<>();
        take('[');
        skipBlanks();
        while (peek() != ']') {
            if (!array.isEmpty()) {
                take(',');
            }
            array.add(value(depth + 1));
        }
        take(']');
        return array;
    }

    private Object value(int depth) throws ProtocolException {
        if (depth > MAX_DEPTH) {
            throw new ProtocolException("the status report is deeper than " + MAX_DEPTH + " levels");
        }
        skipBlanks();
        Object value = switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            default -> word();
        };
        skipBlanks();
        return value;
    }

    private Object word() throws ProtocolException {
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || "+-.".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        String word = text.substring(start, at);
        try {
            return switch (word) {
                case "true" -> true;
                case "false" -> false;
                case "null" -> NULL;
                default -> word.matches("-?[0-9]+") ? (Object) Long.parseLong(word) : Double.parseDouble(word);
            };
        } catch (NumberFormatException e) {
            at = start;
            throw unexpected("a value");
        }
    }

    private String string() throws ProtocolException {
        StringBuilder string = new StringBuilder();
        take('"');
        while (peek() != '"') {
            char next = take(peek());
            string.append(next == '\\' ? escaped() : next);
        }
        take('"');
        return string.toString();
    }

    private char escaped() throws ProtocolException {
        char name = take(peek());
        return switch (name) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> unicode();
            default -> name;
        };
    }

    private char unicode() throws ProtocolException {
        try {
            char code = (char) Integer.parseInt(text.substring(at, at + 4), 16);
            at += 4;
            return code;
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw unexpected("four hexadecimal digits");
        }
    }

    private void skipBlanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() throws ProtocolException {
        if (at == text.length()) {
            throw unexpected("more");
        }
        return text.charAt(at);
    }

    private char take(char expected) throws ProtocolException {
        if (peek() != expected) {
            throw unexpected("'" + expected + "'");
        }
        at++;
        return expected;
    }

    private ProtocolException unexpected(String expected) {
        return new ProtocolException(
                "the status report is not a JSON object: at character " + at + " there should be " + expected);
    }
}
