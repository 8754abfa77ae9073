package dev.scc.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BzImageTest {
    private static final byte[] STREAM = {(byte) 0xfd, '7', 'z', 'X', 'Z', 0, 1, 2, 3};

    private static byte[] image(byte[] stream) {
        int setupSectors = 2;
        int offset = 16;
        int begin = (setupSectors + 1) * 512 + offset;
        ByteBuffer image = ByteBuffer.allocate(begin + stream.length + 4 + 100).order(ByteOrder.LITTLE_ENDIAN);
        image.put(0x1f1, (byte) setupSectors);
        image.putInt(0x202, 0x53726448);
        image.putInt(0x248, offset);
        image.putInt(0x24c, stream.length + 4);
        image.put(begin, stream);
        return image.array();
    }

    @Test
    void theStreamIsFoundWithoutTheSizeBehindIt() {
        assertThat(BzImage.xzPayload(image(STREAM)))
                .hasValueSatisfying(found -> assertThat(found).isEqualTo(STREAM));
    }

    @Test
    void anotherCompressionIsLeftToTheImageItself() {
        byte[] gzip = STREAM.clone();
        gzip[0] = 0x1f;

        assertThat(BzImage.xzPayload(image(gzip))).isEmpty();
    }

    @Test
    void whatIsNoKernelOrIsCutOffIsNotRead() {
        byte[] image = image(STREAM);

        assertThat(BzImage.xzPayload(new byte[4096])).isEmpty();
        for (int length = 0; length < image.length - 104; length++) {
            assertThat(BzImage.xzPayload(Arrays.copyOf(image, length))).isEmpty();
        }
    }
}
