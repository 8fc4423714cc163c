package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.config.Setting;
import io.ringfence.tools.OptionRule.Mirrors;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What {@code --help} shows of every command. */
class HelpTest {
    static Stream<CommandSpec> commands() {
        return withBelow(RingfenceCommand.commandLine());
    }

    private static Stream<CommandSpec> withBelow(CommandLine command) {
        return Stream.concat(
                Stream.of(command.getCommandSpec()),
                command.getSubcommands().values().stream().flatMap(HelpTest::withBelow));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldBreakLinesBetweenWordsOnly(CommandSpec command) {
        String help = command.commandLine().getUsageMessage();
        Set<String> shown = Set.copyOf(List.of(help.strip().split("\\s+")));

        List<String> tooLong =
                help.lines().filter(line -> line.length() > Page.WIDTH).toList();
        List<String> broken = Stream.of(
                        Stream.of(command.usageMessage().description()),
                        Stream.of(command.usageMessage().footer()),
                        command.args().stream().map(ArgSpec::description).flatMap(Stream::of))
                .flatMap(texts -> texts)
                .flatMap(text -> Stream.of(text.strip().split("\\s+")))
                .filter(word -> !shown.contains(word))
                .toList();

        assertEquals(List.of(), tooLong);
        assertEquals(List.of(), broken);
    }

    /** A description is a constant of the source, so it cannot be made from the table of settings: it is compared with it. */
    @Test
    void shouldSayOfAnOptionWhatTheSettingIsThatItStandsFor() {
        List<String> checked = new ArrayList<>();
        commands().flatMap(command -> command.options().stream()).forEach(option -> {
            if (option.userObject() instanceof Field field && field.isAnnotationPresent(Mirrors.class)) {
                Setting<?> setting =
                        Setting.named(field.getAnnotation(Mirrors.class).value());
                if (setting.byDefault() != null) {
                    requireStated(option, setting);
                    checked.add(option.longestName());
                }
            }
        });

        assertTrue(checked.containsAll(List.of("--durability", "--mode")), checked::toString);
    }

    private static void requireStated(OptionSpec option, Setting<?> setting) {
        String description = String.join(" ", option.description());
        assertTrue(description.contains(setting.defaultText() + " (default)"), description);
        setting.ends().forEach(word -> assertTrue(description.contains(word), description));
    }
}
