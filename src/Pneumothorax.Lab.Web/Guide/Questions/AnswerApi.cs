using Microsoft.AspNetCore.Http.HttpResults;
using Pneumothorax.Lab.Classroom.Coursework;
using Pneumothorax.Lab.Classroom.Guide;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Hosting;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.Guide.Questions;

/// <summary>Saves answers in words without the circuit, which a lost connection takes along. Everybody reads and writes their own.</summary>
internal static class AnswerApi
{
    public static RouteGroupBuilder MapAnswers(this RouteGroupBuilder api)
    {
        var answers = api.MapGroup("/answers").WithTags("Answers");
        answers.MapGet("/{question}", FindAsync).WithSummary("Your answer to a question of the guide; empty, with version 0, until you have written one.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        answers.MapPut("/{question}", SaveAsync).WithSummary("Saves your answer. Send the version that you read. If a newer one was saved in the meantime, nothing is written and you get the newer one with status 409.")
            .Accepts<AnswerBody>("application/json")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        return api;
    }

    private static async Task<Results<Ok<AnswerJson>, ProblemHttpResult>> FindAsync(
        string question, SignedInViewer by, ChapterLibrary library, AnswerStore store, CancellationToken cancellationToken)
    {
        if (!IsAsked(library, question)) return NotAsked(question);
        if (by.Viewer.MemberId is not { } memberId) return NoMember();
        return TypedResults.Ok(AnswerJson.Of(question, await store.FindAsync(memberId, question, cancellationToken)));
    }

    private static async Task<Results<Ok<AnswerJson>, ProblemHttpResult>> SaveAsync(
        string question, JsonBody<AnswerBody> body, SignedInViewer by, ChapterLibrary library, AnswerStore store, CancellationToken cancellationToken)
    {
        if (!IsAsked(library, question)) return NotAsked(question);
        if (by.Viewer.MemberId is not { } memberId) return NoMember();
        if (body.Value.Text is not { } text) return Api.BadRequest("text is missing.");
        // A page that was left open when somebody else signed in on this computer.
        if (body.Value.Writer is { } writer && writer != by.DraftKey)
            return TypedResults.Problem($"This was not written by {by.Viewer.Name}, who is signed in now.", statusCode: StatusCodes.Status403Forbidden);

        var (isSaved, stored) = await store.SaveAsync(memberId, question, text, body.Value.Version, cancellationToken);
        return isSaved
            ? TypedResults.Ok(AnswerJson.Of(question, stored))
            : TypedResults.Problem("This answer was changed elsewhere in the meantime.", statusCode: StatusCodes.Status409Conflict,
                extensions: new Dictionary<string, object?> { ["text"] = stored.Text, ["version"] = stored.Version, ["savedAt"] = stored.UpdatedAt });
    }

    // Only what the guide asks: the database is not a place for anything else.
    private static bool IsAsked(ChapterLibrary library, string question) => CourseOutline.QuestionsOf(library.Chapters).Any(asked => asked.Name == question);

    private static ProblemHttpResult NotAsked(string question) => Api.NotFound($"The guide has no question \"{question}\".");

    private static ProblemHttpResult NoMember() => TypedResults.Problem("Join the class to write answers.", statusCode: StatusCodes.Status403Forbidden);
}

/// <param name="Version">That the writer had before them; 0 for none.</param>
/// <param name="Writer">Whose draft a browser sends; programs leave it out.</param>
internal sealed record AnswerBody(string? Text, int Version, string? Writer);

/// <param name="SavedAt">Null while nothing was saved.</param>
internal sealed record AnswerJson(string Question, string Text, int Version, DateTimeOffset? SavedAt)
{
    public static AnswerJson Of(string question, WrittenAnswer? answer) => new(question, answer?.Text ?? "", answer?.Version ?? 0, answer?.UpdatedAt);
}
