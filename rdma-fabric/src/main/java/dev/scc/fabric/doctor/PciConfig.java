package dev.scc.fabric.doctor;

import java.util.Optional;

/**
 * A PCI function's configuration space: 256 bytes, 4,096 with PCIe's extended part, or 64 for those who are not root. Offsets are
 * those of the PCI Express Base Specification, as in Linux' pci_regs.h.
 */
final class PciConfig {
    private static final int STATUS = 0x06;
    private static final int HAS_CAPABILITIES = 0x10;
    private static final int FIRST = 0x34;
    private static final int EXPRESS = 0x10;
    private static final int DEVICE_CONTROL = 8;
    private static final int RELAXED_ORDERING = 0x0010;
    private static final int EXTENDED = 0x100;
    private static final int ACS = 0x000d;
    private static final int ACS_CONTROL = 6;

    /** Request redirect and completion redirect. */
    private static final int REDIRECT = 0x000c;

    /** More capabilities do not fit: a list that is longer goes in circles. */
    private static final int MOST = 1024;

    private final byte[] bytes;

    PciConfig(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    /** Whether the device may mark its writes as relaxed; empty if its capabilities cannot be read. */
    Optional<Boolean> relaxedOrdering() {
        if ((word(STATUS) & HAS_CAPABILITIES) == 0) {
            return Optional.empty();
        }
        int at = at(FIRST) & 0xfc;
        for (int seen = 0; at >= 0x40 && seen < MOST; seen++, at = at(at + 1) & 0xfc) {
            if (at(at) == EXPRESS && at + DEVICE_CONTROL + 1 < bytes.length) {
                return Optional.of((word(at + DEVICE_CONTROL) & RELAXED_ORDERING) != 0);
            }
        }
        return Optional.empty();
    }

    /** Whether a bridge sends what peers below it say to each other up to the root. */
    boolean redirects() {
        int at = EXTENDED;
        for (int seen = 0; at >= EXTENDED && at + 7 < bytes.length && seen < MOST; seen++) {
            if (word(at) == ACS) {
                return (word(at + ACS_CONTROL) & REDIRECT) != 0;
            }
            at = word(at + 2) >> 4;
        }
        return false;
    }

    private int at(int offset) {
        return offset < bytes.length ? Byte.toUnsignedInt(bytes[offset]) : 0;
    }

    private int word(int offset) {
        return at(offset) | at(offset + 1) << 8;
    }
}
