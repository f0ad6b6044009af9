using Microsoft.AspNetCore.Components;
using Pneumothorax.Lab.Classroom.Guide;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Pins;

namespace Pneumothorax.Lab.Web.Guide.Questions;

/// <summary>
/// A question to answer in words, with the views pinned to it and what the instructor wrote back. The text itself is the business of
/// <c>lab-answer</c> in the browser: this component tells it only what is stored.
/// </summary>
public sealed partial class StudentQuestion(QuestionService desk, CourseProgress progress) : IDisposable
{
    private WrittenAnswer? _answer;
    private bool? _hasJoined;
    private bool _isAnswered;
    private string? _missing;       // why what is written does not count yet

    /// <summary>What the author placed here; already checked.</summary>
    [Parameter, EditorRequired]
    public LivePart Part { get; set; } = default!;

    private string Name => Part["id"]!;

    private string Anchor => $"question-{Name}";

    private string Label => desk.Questions.FirstOrDefault(question => question.Name == Name)?.Label ?? "Question";

    private IReadOnlyList<Pin> Pins => desk.PinsUnder(Name);

    private IEnumerable<AnswerComment> Comments => desk.Comments.Where(comment => comment.Question == Name);

    protected override async Task OnInitializedAsync()
    {
        progress.Changed += Take;
        desk.Changed += Redraw;
        var hasJoined = await desk.EnsureLoadedAsync();
        await progress.EnsureLoadedAsync();
        await ReadAsync();
        _hasJoined = hasJoined;
    }

    public void Dispose()
    {
        progress.Changed -= Take;
        desk.Changed -= Redraw;
    }

    private async Task ReadAsync()
    {
        var standing = progress.Answers.GetValueOrDefault(Name);
        _isAnswered = standing is { IsComplete: true };
        _missing = standing switch
        {
            null or { IsEmpty: true } or { IsComplete: true } => null,
            { Length: < AnswerStanding.LeastLength, Pins: 0 } => "Saved. It counts as answered when it has a full sentence and at least one pinned view as evidence.",
            { Length: < AnswerStanding.LeastLength } => "Saved. It counts as answered when it has a full sentence.",
            _ => "Saved. It counts as answered when at least one view is pinned here as evidence.",
        };
        if (standing?.Version != _answer?.Version) _answer = await desk.AnswerAsync(Name);
    }

    // The browser has saved, this one or another.
    private void Take() => _ = InvokeAsync(async () =>
    {
        await ReadAsync();
        StateHasChanged();
    });

    private void Redraw() => _ = InvokeAsync(StateHasChanged);
}
