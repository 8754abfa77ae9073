package dev.scc.job.pmi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class PmiServerTest {
    private final List<PmiServer.Abort> aborts = new ArrayList<>();
    private final List<Integer> arrived = new CopyOnWriteArrayList<>();
    private final PmiServer server = new PmiServer("kvs_test", 2, "(vector,(0,2,1))", new Recorded(aborts, arrived));

    /** A rank on paper: what it says goes in, what it would read is kept. */
    private final class Rank implements PmiPeer {
        private final List<String> heard = new ArrayList<>();
        private String dropped = "";
        private final PmiSession session;

        Rank(Integer... allowed) {
            session = server.connect(Set.of(allowed), this);
        }

        @Override
        public void send(String line) {
            heard.add(line);
        }

        @Override
        public void drop(String why) {
            dropped = why;
        }

        /** What comes back at once. */
        List<String> say(String line) {
            heard.clear();
            session.receive(line);
            return List.copyOf(heard);
        }
    }

    private Rank greeted(int number) {
        Rank rank = new Rank(number);
        rank.say("cmd=initack pmiid=" + number);
        return rank;
    }

    @Test
    void answersWhatTwoRanksOfMpich4WereRecordedToSay() {
        Rank zero = new Rank(0);
        Rank one = new Rank(1);

        assertThat(zero.say("cmd=initack pmiid=0"))
                .containsExactly("cmd=initack rc=0", "cmd=set size=2", "cmd=set rank=0", "cmd=set debug=0");
        assertThat(one.say("cmd=initack pmiid=1"))
                .containsExactly("cmd=initack rc=0", "cmd=set size=2", "cmd=set rank=1", "cmd=set debug=0");
        for (Rank rank : List.of(zero, one)) {
            assertThat(rank.say("cmd=init pmi_version=1 pmi_subversion=1"))
                    .containsExactly("cmd=response_to_init pmi_version=1 pmi_subversion=1 rc=0");
            assertThat(rank.say("cmd=get_maxes"))
                    .containsExactly("cmd=maxes rc=0 kvsname_max=256 keylen_max=64 vallen_max=1024");
            assertThat(rank.say("cmd=get_appnum")).containsExactly("cmd=appnum rc=0 appnum=0");
            assertThat(rank.say("cmd=get_my_kvsname")).containsExactly("cmd=my_kvsname rc=0 kvsname=kvs_test");
            assertThat(rank.say("cmd=get kvsname=kvs_test key=PMI_process_mapping"))
                    .containsExactly("cmd=get_result rc=0 msg=success value=(vector,(0,2,1))");
        }
        assertThat(zero.say("cmd=barrier_in")).isEmpty();
        assertThat(one.say("cmd=barrier_in")).containsExactly("cmd=barrier_out rc=0");
        assertThat(zero.heard).containsExactly("cmd=barrier_out rc=0");
        assertThat(zero.say("cmd=put kvsname=kvs_test key=-bcast-1-0 value=2F6465762F73686D2F6D70"))
                .containsExactly("cmd=put_result rc=0 msg=success");
        zero.say("cmd=barrier_in");
        one.say("cmd=barrier_in");
        assertThat(one.say("cmd=get kvsname=kvs_test key=-bcast-1-0"))
                .containsExactly("cmd=get_result rc=0 msg=success value=2F6465762F73686D2F6D70");
        assertThat(server.unfinished(1)).isTrue();
        assertThat(one.say("cmd=finalize")).containsExactly("cmd=finalize_ack rc=0");
        assertThat(server.unfinished(1)).isFalse();
        assertThat(server.unfinished(0)).isTrue();
        assertThat(aborts).isEmpty();
    }

    @Test
    void valuesMayHoldSpacesAndEqualsSigns() {
        Rank rank = greeted(0);

        rank.say("cmd=put kvsname=kvs_test key=business card value=x");
        rank.say("cmd=put kvsname=kvs_test key=card value=port=7 host = a b");

        assertThat(rank.say("cmd=get kvsname=kvs_test key=card"))
                .containsExactly("cmd=get_result rc=0 msg=success value=port=7 host = a b");
    }

    @Test
    void keyWithoutValueIsNotFound() {
        assertThat(greeted(0).say("cmd=get kvsname=kvs_test key=nothing"))
                .containsExactly("cmd=get_result rc=-1 msg=key_not_found");
    }

    @Test
    void secondPutOfAKeyIsRefusedAndTheFirstValueStays() {
        Rank rank = greeted(0);
        rank.say("cmd=put kvsname=kvs_test key=k value=first");

        assertThat(rank.say("cmd=put kvsname=kvs_test key=k value=second"))
                .containsExactly("cmd=put_result rc=-1 msg=duplicate_key");
        assertThat(rank.say("cmd=get kvsname=kvs_test key=k"))
                .containsExactly("cmd=get_result rc=0 msg=success value=first");
    }

    @Test
    void otherKeyValueSpacesAndIllegalLengthsAreRefused() {
        Rank rank = greeted(0);

        assertThat(rank.say("cmd=get kvsname=other key=k")).containsExactly("cmd=get_result rc=-1 msg=unknown_kvsname");
        assertThat(rank.say("cmd=put kvsname=kvs_test key=k value=" + "v".repeat(1025))
                        .getFirst())
                .startsWith("cmd=put_result rc=-1");
        assertThat(rank.say("cmd=put kvsname=kvs_test key=" + "k".repeat(65) + " value=v")
                        .getFirst())
                .startsWith("cmd=put_result rc=-1");
    }

    @Test
    void universeSizeIsTheJobs() {
        assertThat(greeted(0).say("cmd=get_universe_size")).containsExactly("cmd=universe_size rc=0 size=2");
    }

    @Test
    void clientsThatKnowVersion12AreAnswered11AndVersion2IsRefused() {
        assertThat(greeted(0).say("cmd=init pmi_version=1 pmi_subversion=2"))
                .containsExactly("cmd=response_to_init pmi_version=1 pmi_subversion=1 rc=0");
        assertThat(greeted(1).say("cmd=init pmi_version=2 pmi_subversion=0"))
                .containsExactly("cmd=response_to_init pmi_version=1 pmi_subversion=1 rc=-1");
    }

    @Test
    void rankOfAnotherNodeAndSecondConnectionOfARankAreTurnedAway() {
        Rank stranger = new Rank(0);
        Rank twice = greeted(1);
        Rank again = new Rank(1);

        assertThat(stranger.say("cmd=initack pmiid=1")).isEmpty();
        assertThat(again.say("cmd=initack pmiid=1")).isEmpty();

        assertThat(stranger.dropped).contains("rank 1 is not of this node");
        assertThat(again.dropped).contains("connected already");
        assertThat(twice.dropped).isEmpty();
    }

    @Test
    void whatIsNoPmiEndsTheConnection() {
        for (String line : List.of("GET / HTTP/1.1", "", "cmd=put", "=", "cmd=initack pmiid=x")) {
            Rank rank = new Rank(0);

            assertThat(rank.say(line)).isEmpty();

            assertThat(rank.dropped).as(line).isNotEmpty();
        }
    }

    @Test
    void spawnIsRefusedAfterItsLastLine() {
        Rank rank = greeted(0);

        assertThat(rank.say("mcmd=spawn")).isEmpty();
        assertThat(rank.say("nprocs=1")).isEmpty();
        assertThat(rank.say("execname=/bin/true")).isEmpty();
        assertThat(rank.say("endcmd").getFirst()).startsWith("cmd=spawn_result rc=-1");
        assertThat(rank.say("cmd=get_appnum")).hasSize(1);
    }

    @Test
    void abortIsHeardWithItsCodeAndMessage() {
        Rank rank = greeted(1);

        rank.say("cmd=abort exitcode=5 error_msg=out of luck = bad");

        assertThat(aborts).containsExactly(new PmiServer.Abort(1, 5, "out of luck = bad"));
    }
}
