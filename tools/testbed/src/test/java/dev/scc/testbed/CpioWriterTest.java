package dev.scc.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CpioWriterTest {
    @Test
    void entriesHaveTheNewcHeaderAndArePaddedToFourBytes() {
        CpioWriter cpio = new CpioWriter();
        cpio.directory("bin");
        cpio.program("bin/x", new byte[] {'#', '!'});
        cpio.file("abc", "hello");

        String archive = new String(cpio.finish(), StandardCharsets.US_ASCII).replace('\0', '~');

        // magic, inode, mode, uid, gid, links, time, size, device (4), name size, check
        assertThat(archive)
                .isEqualTo("07070100000001000041ED00000000000000000000000200000000000000000000000000000000"
                        + "000000000000000000000004" + "00000000" + "bin~~~"
                        + "07070100000002000081ED00000000000000000000000100000000000000020000000000000000"
                        + "000000000000000000000006" + "00000000" + "bin/x~#!~~"
                        + "07070100000003000081A400000000000000000000000100000000000000050000000000000000"
                        + "000000000000000000000004" + "00000000" + "abc~~~" + "hello~~~"
                        + "070701000000000000000000000000000000000000000100000000000000000000000000000000"
                        + "00000000000000000000000B" + "00000000" + "TRAILER!!!~" + "~~~");
    }

    @Test
    void everyEntryBeginsAtAMultipleOfFour() {
        CpioWriter cpio = new CpioWriter();
        for (int length = 1; length < 9; length++) {
            cpio.file("n".repeat(length), "c".repeat(length));
        }

        String archive = new String(cpio.finish(), StandardCharsets.US_ASCII);

        int entries = 0;
        for (int at = archive.indexOf("070701"); at >= 0; at = archive.indexOf("070701", at + 1)) {
            assertThat(at % 4).isZero();
            entries++;
        }
        assertThat(entries).isEqualTo(9);
        assertThat(archive.length() % 4).isZero();
    }
}
