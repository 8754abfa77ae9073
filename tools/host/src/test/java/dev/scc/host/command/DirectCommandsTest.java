package dev.scc.host.command;

class DirectCommandsTest extends CommandsContract {
    DirectCommandsTest() {
        super(NetworkNamespace.own().commands());
    }
}
