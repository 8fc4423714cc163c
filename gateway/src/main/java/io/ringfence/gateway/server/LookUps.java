package io.ringfence.gateway.server;

import io.ringfence.gateway.answers.PastAnswers;
import io.ringfence.gateway.answers.PastAnswers.LateCommand;
import io.ringfence.gateway.answers.PastAnswers.PastQuestion;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Consumer;

/** What is being looked up in the journal on another thread. For the duty cycle; allocates. */
final class LookUps {
    private final Set<PastQuestion> questions = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<LateCommand> commands = Collections.newSetFromMap(new IdentityHashMap<>());
    private final PastAnswers pastAnswers;
    private boolean isClosed;

    LookUps(PastAnswers pastAnswers) {
        this.pastAnswers = pastAnswers;
    }

    /** Has an answer looked up; false when that cannot be. */
    boolean ask(PastQuestion question) {
        return !isClosed && pastAnswers.offer(question) && questions.add(question);
    }

    /** Has the facts for a command looked up; false when that cannot be. */
    boolean ask(LateCommand command) {
        return !isClosed && pastAnswers.offer(command) && commands.add(command);
    }

    /** Notes that an answer was looked up; false when it was given up before. */
    boolean end(PastQuestion question) {
        return questions.remove(question);
    }

    /** Notes that the facts for a command were looked up; false when it was given up before. */
    boolean end(LateCommand command) {
        return commands.remove(command);
    }

    /** Is nothing being looked up? */
    boolean isSettled() {
        return questions.isEmpty() && commands.isEmpty();
    }

    /** Takes no more, and hands over what is still being looked up: nothing of it comes back. */
    void close(Consumer<PastQuestion> openQuestions, Consumer<LateCommand> openCommands) {
        isClosed = true;
        questions.forEach(openQuestions);
        questions.clear();
        commands.forEach(openCommands);
        commands.clear();
    }
}
