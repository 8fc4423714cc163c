package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("once")
class AskUsageTest {
    private static final String HOME = "ringfence.home";

    @BeforeEach
    void setUp() {
        System.setProperty(HOME, System.getProperty("ringfence.root"));
    }

    @AfterEach
    void tearDown() {
        System.clearProperty(HOME);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--account desk-9 --quantity 1 --price 1"
                        + "| --account: must be a known account, nearest known is desk-1: \"desk-9\"",
                "--account desk-1 --candidate XNAZ --quantity 1 --price 1"
                        + "| --candidate: must be a known candidate of the policy, nearest known is XNAS: \"XNAZ\"",
                "--account desk-1 --candidate 999 --quantity 1 --price 1"
                        + "| --candidate: must be a known candidate of the policy, known are XNAS, XNYS, ARCX, BATS, EDGX,"
                        + " IEXG, MEMX, EPRL: \"999\"",
                "--account desk-1 --candidate XNAS --use-case equitys --quantity 1 --price 1"
                        + "| --use-case: must be a known use case of the policy, nearest known is equities: \"equitys\"",
                "--account desk-1 --quantity 1 | --price: must be given for an order",
                "--account desk-1 --quantity 1 --price 1 --input-units 5 | --input-units and --output-units: must not be given for an order",
                "--account desk-1 | --input-units: must be given, or --quantity and --price for an order",
                "--account desk-1 --quantity 0.000000001 --price 1"
                        + "| --quantity: must be a number above 0 and up to 92233720368 with at most 8 digits behind the point:"
                        + " \"0.000000001\"",
                "--account desk-1 --quantity 1 --price 1.0000001"
                        + "| --price: must have at most 6 digits behind the point: \"1.0000001\"",
                "--account team-a --input-units -1 | --input-units: must be a whole number from 0 to 4294967294: \"-1\"",
                "--account desk-1 --dir nowhere --policy pom.xml --input-units 1"
                        + "| --dir: its engine has policy and accounts: --policy and --accounts must not be given"
            })
    void shouldRefuseInOneLineWhatItCannotAsk(String options, String expected) {
        Shell shell = new Shell(("ask " + options).split(" "));

        assertEquals("ringfence ask: " + expected + "\n", shell.err());
        assertEquals(ExitCode.BAD_INPUT, shell.exitCode());
        assertEquals("", shell.out());
    }
}
