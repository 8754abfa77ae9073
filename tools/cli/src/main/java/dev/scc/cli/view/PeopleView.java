package dev.scc.cli.view;

import java.util.List;
import java.util.Optional;

/** Who was let in. */
public record PeopleView(List<Person> users) implements View {
    public PeopleView {
        users = List.copyOf(users);
    }

    /**
     * One of them.
     *
     * @param clusters that he may use although others own them
     * @param unixUser who his jobs run as; empty for an account without rights
     * @param quota how many nodes his clusters may have together; empty for any number
     */
    public record Person(String user, String role, List<String> clusters, String unixUser, Optional<Integer> quota) {
        public Person {
            clusters = List.copyOf(clusters);
        }
    }
}
