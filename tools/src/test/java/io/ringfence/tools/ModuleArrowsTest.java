package io.ringfence.tools;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.ringfence.gateway.client.GatewayAddress;
import io.ringfence.gateway.client.IpcStreams;

/** The arrows between modules, and where each library may be named. */
@AnalyzeClasses(packages = "io.ringfence", importOptions = ImportOption.DoNotIncludeTests.class)
@ArchTag("once")
class ModuleArrowsTest {
    private static final String CLIENT = "io.ringfence.gateway.client..";

    @ArchTest
    static final ArchRule shouldPointOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.ringfence..")
            .layer("schemas")
            .definedBy("io.ringfence.schemas..")
            .layer("engine")
            .definedBy("io.ringfence.engine..")
            .layer("journal")
            .definedBy("io.ringfence.journal..")
            .layer("client")
            .definedBy(CLIENT)
            .layer("gateway")
            .definedBy(resideInAPackage("io.ringfence.gateway..").and(resideOutsideOfPackage(CLIENT)))
            .layer("tools")
            .definedBy("io.ringfence.tools..")
            .whereLayer("schemas")
            .mayNotAccessAnyLayer()
            .whereLayer("engine")
            .mayOnlyAccessLayers("schemas")
            .whereLayer("journal")
            .mayOnlyAccessLayers("schemas")
            .whereLayer("client")
            .mayOnlyAccessLayers("schemas")
            .whereLayer("gateway")
            .mayOnlyAccessLayers("schemas", "client", "engine", "journal");

    /** The module's class path is checked by {@code ClientClassPathTest}. */
    @ArchTest
    static final ArchRule shouldKeepTheClientApartFromTheGateway = classes()
            .that()
            .resideInAPackage(CLIENT)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(CLIENT, "io.ringfence.schemas..", "io.aeron..", "org.agrona..", "java..");

    /** A server does not ask: of the client it sees what both sides must agree on. */
    @ArchTest
    static final ArchRule shouldShareWithTheClientOnlyWhatBothAgreeOn = noClasses()
            .that(resideInAPackage("io.ringfence.gateway..").and(resideOutsideOfPackage(CLIENT)))
            .should()
            .dependOnClassesThat(
                    resideInAPackage(CLIENT).and(not(type(IpcStreams.class))).and(not(type(GatewayAddress.class))));

    @ArchTest
    static final ArchRule shouldNameChronicleInTheStoreOnly = named("net.openhft..", "io.ringfence.journal.store..");

    @ArchTest
    static final ArchRule shouldNameAeronAtTheEdgeOnly =
            named("io.aeron..", "io.ringfence.gateway.transport.aeron..", CLIENT);

    /** The ring is the engine's; the wiring only picks how its threads wait. */
    @ArchTest
    static final ArchRule shouldNameTheDisruptorInThePipelineOnly =
            named("com.lmax..", "io.ringfence.engine.pipeline..", "io.ringfence.gateway");

    @ArchTest
    static final ArchRule shouldNameYamlInTheConfigurationOnly =
            named("org.snakeyaml..", "io.ringfence.gateway.config..");

    @ArchTest
    static final ArchRule shouldNameTheCommandLineInToolsOnly = named("picocli..", "io.ringfence.tools..");

    @ArchTest
    static final ArchRule shouldNameJsonInToolsOnly = named("com.fasterxml..", "io.ringfence.tools..");

    @ArchTest
    static final ArchRule shouldNameCsvWhereDataSetsAreReadOnly =
            named("org.apache.commons.csv..", "io.ringfence.tools.evaluation.data");

    @ArchTest
    static final ArchRule shouldNameChartsWhereEvaluationsAreDrawnOnly =
            named("org.knowm..", "io.ringfence.tools.evaluation.run");

    private static ArchRule named(String library, String... places) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(places)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }
}
