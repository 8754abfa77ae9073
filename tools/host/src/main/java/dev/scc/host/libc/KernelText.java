package dev.scc.host.libc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Words, variables and file names as the kernel has them, which are bytes, in Java text. What is UTF-8 reads as it should,
 * whatever the locale of this process; each other byte is one character of the private use area, U+F780 to U+F7FF, and so
 * are the bytes of such a character itself. Thus every sequence of bytes has a text of its own and is had back from it.
 */
public final class KernelText {
    private static final int ESCAPES = 0xF700;
    private static final int FIRST_ESCAPE = 0xF780;
    private static final int LAST_ESCAPE = 0xF7FF;

    private KernelText() {}

    /** The text of some bytes. */
    public static String decode(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        int at = 0;
        while (at < bytes.length) {
            int length = sequence(bytes, at);
            if (length == 0) {
                text.append((char) (ESCAPES + (bytes[at] & 0xFF)));
                at++;
            } else {
                text.append(new String(bytes, at, length, StandardCharsets.UTF_8));
                at += length;
            }
        }
        return text.toString();
    }

    /** The bytes of a text. */
    public static byte[] encode(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        text.codePoints().forEach(point -> {
            if (point >= FIRST_ESCAPE && point <= LAST_ESCAPE) {
                bytes.write(point - ESCAPES);
            } else {
                bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
            }
        });
        return bytes.toByteArray();
    }

    /** Whether all of it stands for itself: Java's own names for files and words are then the same. */
    public static boolean isPlain(String text) {
        return text.chars().noneMatch(character -> character >= FIRST_ESCAPE && character <= LAST_ESCAPE);
    }

    /** How many bytes the UTF-8 character has that begins there (RFC 3629); 0 if none does, or one that stands for a byte. */
    private static int sequence(byte[] bytes, int at) {
        int first = bytes[at] & 0xFF;
        if (first < 0x80) {
            return 1;
        }
        int length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
        if (first < 0xC2 || first > 0xF4 || at + length > bytes.length) {
            return 0;
        }
        int point = first & (0x7F >> length);
        for (int i = 1; i < length; i++) {
            int next = bytes[at + i] & 0xFF;
            if ((next & 0xC0) != 0x80) {
                return 0;
            }
            point = (point << 6) | (next & 0x3F);
        }
        boolean shortest = point >= (length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80);
        boolean character = point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
        boolean escape = point >= FIRST_ESCAPE && point <= LAST_ESCAPE;
        return shortest && character && !escape ? length : 0;
    }
}
