using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using Pneumothorax.Lab.Classroom.Coursework;
using Pneumothorax.Lab.Classroom.Guide;
using Pneumothorax.Lab.Classroom.Progress;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.Class;

/// <summary>One student's answer to one question, for the instructor. The page around it reads the class anew after each change.</summary>
public sealed partial class AnswerReview(AnswerStore answers, ViewerAccessor viewers, IJSRuntime js)
{
    private ElementReference _article;
    private ElementReference _box;
    private string _draft = "";
    private string? _refused;
    private bool _busy;

    [Parameter, EditorRequired]
    public StudentWork Student { get; set; } = default!;

    [Parameter, EditorRequired]
    public CourseQuestion Question { get; set; } = default!;

    /// <summary>Above the answer: whose it is, or what it answers.</summary>
    [Parameter, EditorRequired]
    public RenderFragment Title { get; set; } = default!;

    /// <summary>Its anchor on the page.</summary>
    [Parameter, EditorRequired]
    public string Id { get; set; } = "";

    /// <summary>Decides what is "yesterday".</summary>
    [Parameter, EditorRequired]
    public DateTimeOffset Now { get; set; }

    /// <summary>Go on by so many answers; 0 to the next unread one.</summary>
    [Parameter]
    public EventCallback<int> Go { get; set; }

    private string KeptAs => $"comment:{Student.Id}:{Question.Name}";

    private WrittenAnswer? Answer => Student.Answers.GetValueOrDefault(Question.Name);

    private AnswerState State => Student.StateOf(Question);

    private IEnumerable<AnswerComment> Comments => Student.Comments[Question.Name];

    private IEnumerable<Pin> Pins => Student.Pins[Question.Name];

    public ValueTask FocusAsync() => _article.FocusAsync();

    /// <summary>Keys of the card itself; those of its comment box do not come here.</summary>
    private Task KeyAsync(KeyboardEventArgs key) => key is { CtrlKey: false, AltKey: false, MetaKey: false }
        ? key.Key switch
        {
            "j" => Go.InvokeAsync(1),
            "k" => Go.InvokeAsync(-1),
            "u" => Go.InvokeAsync(0),
            "r" when Answer is not null => TurnReadAsync(),
            "c" when Answer is not null => _box.FocusAsync().AsTask(),
            _ => Task.CompletedTask,
        }
        : Task.CompletedTask;

    private Task SendAsync() => TryAsync(async viewer =>
    {
        if (string.IsNullOrWhiteSpace(_draft)) return;
        await answers.CommentAsync(Student.Id, Question.Name, _draft, viewer);
        if (Answer is { } answer) await answers.MarkReadAsync(Student.Id, Question.Name, answer.Version, viewer);
        _draft = "";
        await js.ForgetTextAsync(KeptAs);
        await Go.InvokeAsync(0);
    });

    private Task TurnReadAsync() => TryAsync(viewer =>
        answers.MarkReadAsync(Student.Id, Question.Name, State == AnswerState.Unread ? Answer!.Version : 0, viewer));

    private Task DeleteAsync(AnswerComment comment) => TryAsync(viewer => answers.DeleteCommentAsync(comment.Id, viewer));

    private async Task TryAsync(Func<Viewer, Task> act)
    {
        if (_busy) return;
        (_busy, _refused) = (true, null);
        try { await act(await viewers.GetAsync()); }
        catch (RequestRefusedException refusal) { _refused = refusal.Message; }
        finally { _busy = false; }
    }

    private static string Start(string text) => text.Length <= 30 ? text : text[..30] + "…";
}
