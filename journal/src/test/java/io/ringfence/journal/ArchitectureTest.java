package io.ringfence.journal;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

@AnalyzeClasses(packages = "io.ringfence", importOptions = ImportOption.DoNotIncludeTests.class)
@ArchTag("once")
class ArchitectureTest {
    @ArchTest
    static final ArchRule shouldNotKnowTheEngine = noClasses()
            .that()
            .resideInAPackage("io.ringfence.journal..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.ringfence.engine..", "io.ringfence.gateway..", "io.ringfence.tools..", "com.lmax..");

    @ArchTest
    static final ArchRule shouldNameChronicleInTheStoreOnly = noClasses()
            .that()
            .resideOutsideOfPackage("io.ringfence.journal.store")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("net.openhft..");

    @ArchTest
    static final ArchRule shouldHaveNoCycles = SlicesRuleDefinition.slices()
            .matching("io.ringfence.journal.(*)..")
            .should()
            .beFreeOfCycles();
}
