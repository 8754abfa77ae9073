package dev.scc.host.command;

class LocalCommandsTest extends CommandsContract {
    LocalCommandsTest() {
        super(new LocalCommands());
    }
}
