package dev.scc.cli.view;

import java.util.List;

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
     */
    public record Person(String user, String role, List<String> clusters, String unixUser) {
        public Person {
            clusters = List.copyOf(clusters);
        }
    }
}
