package io.ringfence.tools;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The help of a command, whose lines break at blanks only; picocli alone breaks {@code ./ringfence-data} and {@code .bz2} too. */
final class WholeWordsHelp extends Help {
    private static final int MARGIN = 2;

    WholeWordsHelp(CommandSpec spec, ColorScheme colors) {
        super(spec, colors);
    }

    @Override
    public String description(Object... parameters) {
        return broken(commandSpec().usageMessage().description());
    }

    @Override
    public String footer(Object... parameters) {
        return broken(commandSpec().usageMessage().footer());
    }

    private String broken(String... texts) {
        Table table = new Table(colorScheme(), new Column(Page.WIDTH, 0, Column.Overflow.WRAP));
        table.indentWrappedLines = 0;
        for (String text : texts) {
            table.addRowValues(text);
        }
        return table.toString();
    }

    @Override
    public String commandList(Map<String, Help> commands) {
        int namesWidth = MARGIN
                + commands.keySet().stream().mapToInt(String::length).max().orElse(0);
        Table table = new Table(
                colorScheme(),
                new Column(namesWidth, MARGIN, Column.Overflow.SPAN),
                new Column(Page.WIDTH - namesWidth, MARGIN, Column.Overflow.WRAP));
        commands.forEach((name, help) ->
                table.addRowValues(name, help.commandSpec().usageMessage().description()[0]));
        return table.toString();
    }

    @Override
    public Layout createDefaultLayout(
            List<OptionSpec> options, List<PositionalParamSpec> parameters, ColorScheme colors) {
        Column[] columns = super.createDefaultLayout(options, parameters, colors)
                .textTable()
                .columns();
        return new Layout(
                colors, new Table(colors, columns), createDefaultOptionRenderer(), createDefaultParameterRenderer());
    }

    /** Hands picocli one line at a time, so that it has nothing to break. */
    private static final class Table extends TextTable {
        private final ColorScheme colors;

        Table(ColorScheme colors, Column... columns) {
            super(colors, columns);
            this.colors = colors;
        }

        @Override
        public Cell putValue(int row, int column, Ansi.Text value) {
            Column place = columns()[column];
            if (value == null || place.overflow != Column.Overflow.WRAP) {
                return super.putValue(row, column, value);
            }
            String blanks = " ".repeat(indentWrappedLines);
            Ansi.Text rest = value;
            int lineRow = row;
            int end = end(rest, place.width - place.indent);
            while (end > 0) {
                super.putValue(lineRow, column, rest.substring(0, end));
                rest = colors.text(blanks).concat(rest.substring(end + 1));
                lineRow++;
                addEmptyRow();
                end = end(rest, place.width - place.indent);
            }
            return super.putValue(lineRow, column, rest);
        }

        /** Where a line ends that is too long: the last blank within the width, behind the first word; 0 when there is none. */
        private static int end(Ansi.Text line, int width) {
            String text = line.plainString();
            if (text.length() <= width) {
                return 0;
            }
            int blank = text.lastIndexOf(' ', width);
            return text.substring(0, Math.max(0, blank)).isBlank() ? 0 : blank;
        }
    }
}
