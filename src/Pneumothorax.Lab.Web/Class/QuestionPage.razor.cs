using Microsoft.AspNetCore.Components;
using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Classroom.Guide;
using Pneumothorax.Lab.Classroom.Progress;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Shared.Identity;
using Pneumothorax.Lab.Web.Shared.Pages;

namespace Pneumothorax.Lab.Web.Class;

/// <summary>One question over the class: all answers one under another, to be read and commented on in one evening. Live.</summary>
public sealed partial class QuestionPage(ClassReader reader, ClassTicks ticks, CourseStore courses, ViewerAccessor viewers) : LiveComponentBase
{
    private enum AnswerFilter
    {
        All,
        Unread,
        Uncommented,
    }

    private static readonly SegmentOption<AnswerFilter>[] s_filters =
        [new(AnswerFilter.All, "All"), new(AnswerFilter.Unread, "Unread"), new(AnswerFilter.Uncommented, "Without comment")];

    private readonly Dictionary<int, AnswerReview> _cards = [];
    private readonly HashSet<int> _chosen = [];
    private ClassWork? _work;
    private ClassScope _scope = ClassScope.Everybody;
    private CourseQuestion? _question;
    private IReadOnlyList<StudentWork> _shown = [];
    private AnswerFilter _filter;
    private (string, int?, int?) _of;

    /// <summary>The question's name in its chapter.</summary>
    [Parameter, EditorRequired]
    public string Question { get; set; } = "";

    [SupplyParameterFromQuery(Name = "course")]
    public int? CourseId { get; set; }

    [SupplyParameterFromQuery(Name = "section")]
    public int? SectionId { get; set; }

    private DateOnly Today => courses.Today;

    protected override void OnInitialized() => Follow(WatchAsync);

    protected override async Task OnParametersSetAsync()
    {
        if (_of == (Question, CourseId, SectionId)) return;
        _of = (Question, CourseId, SectionId);
        _chosen.Clear();
        Show();
        if (_work is not null) await ReadAsync(await viewers.GetAsync(), Leave);
    }

    private async Task ReadAsync(Viewer viewer, CancellationToken leave)
    {
        _scope = ClassScope.Of(await courses.ListAsync(leave), courses.Today, CourseId, SectionId);
        _work = await reader.ReadAsync(viewer, _scope, leave);
        Show();
    }

    private async Task WatchAsync(CancellationToken leave)
    {
        var viewer = await viewers.GetAsync();
        await foreach (var _ in ticks.ReadAllAsync(leave))
        {
            await ReadAsync(viewer, leave);
            StateHasChanged();
        }
    }

    private void Filter(AnswerFilter filter)
    {
        _filter = filter;
        _chosen.Clear();
        Show();
    }

    private void Show()
    {
        _question = _work?.Questions.FirstOrDefault(question => question.Name == Question);
        if (_question is not { } asked) return;
        // What was shown once stays: an answer must not vanish from under one's eyes because it has just been read.
        _chosen.UnionWith(_work!.Students.Where(student => student.HasDone(asked) && _filter switch
        {
            AnswerFilter.Unread => student.StateOf(asked) == AnswerState.Unread,
            AnswerFilter.Uncommented => !student.Comments[asked.Name].Any(),
            _ => true,
        }).Select(student => student.Id));
        _shown = [.. _work.Students.Where(student => _chosen.Contains(student.Id))];
    }

    private bool IsUnread(StudentWork student) => _question is { } question && student.StateOf(question) == AnswerState.Unread;

    /// <param name="from">Place of the answer that one leaves; -1 for the top of the page.</param>
    /// <param name="step">So many answers on; 0 to the next unread one, from the first again after the last.</param>
    private async Task GoAsync(int from, int step)
    {
        var next = step == 0
            ? Enumerable.Range(1, _shown.Count).Select(ahead => (from + ahead) % _shown.Count).Where(place => place != from && IsUnread(_shown[place])).DefaultIfEmpty(-1).First()
            : from + step;
        if (next >= 0 && next < _shown.Count && _cards.GetValueOrDefault(_shown[next].Id) is { } card) await card.FocusAsync();
    }

    private CourseQuestion? Neighbour(int step)
    {
        var questions = _work!.Questions.ToList();
        return questions.ElementAtOrDefault(questions.IndexOf(_question!) + step);
    }
}
