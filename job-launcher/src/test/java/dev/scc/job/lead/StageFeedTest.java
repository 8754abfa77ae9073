package dev.scc.job.lead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.rpc.Bytes;
import dev.scc.host.TerminalSize;
import dev.scc.job.Refusal;
import dev.scc.job.rpc.KeeperRpc;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StageFeedTest {
    private final List<TerminalSize> sizes = new ArrayList<>();
    private int moved;

    private Optional<Refusal> pass(KeeperRpc.ToJob... said) throws InterruptedException {
        Iterator<KeeperRpc.ToJob> next = List.of(said).iterator();
        return StageFeed.pass(
                () -> next.hasNext() ? Optional.of(next.next()) : Optional.empty(), 8, List.of(), new StageFeed.Told() {
                    @Override
                    public void moved() {
                        moved++;
                    }

                    @Override
                    public void resized(TerminalSize size) {
                        sizes.add(size);
                    }
                });
    }

    private static KeeperRpc.Staged piece() {
        return new KeeperRpc.Staged(Bytes.of(new byte[4]));
    }

    @Test
    void aWindowMayChangeItsSizeWhileFilesAreOnTheirWay() throws InterruptedException {
        TerminalSize size = new TerminalSize(30, 100);

        assertThat(pass(piece(), new KeeperRpc.Resize(size), piece(), new KeeperRpc.StagedAll(Optional.empty())))
                .isEmpty();
        assertThat(sizes).containsExactly(size);
        assertThat(moved).isEqualTo(2);
    }

    @Test
    void inputBetweenFilesIsRefused() throws InterruptedException {
        assertThat(pass(piece(), new KeeperRpc.Input(Bytes.of(new byte[1]))))
                .contains(new Refusal.NotStaged("the client sends something else"));
    }
}
