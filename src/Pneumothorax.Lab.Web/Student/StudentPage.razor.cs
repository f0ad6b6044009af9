using System.Globalization;
using Microsoft.AspNetCore.Components;
using MudBlazor;
using Pneumothorax.Lab.Classroom;
using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Classroom.Coursework;
using Pneumothorax.Lab.Classroom.Guide;
using Pneumothorax.Lab.Classroom.Progress;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Identity;
using Pneumothorax.Lab.Web.Shared.Pages;

namespace Pneumothorax.Lab.Web.Student;

/// <summary>One student: every try, every answer with its evidence, every run. Live. Here they are exported and erased.</summary>
public sealed partial class StudentPage(
    ClassReader reader, ClassTicks ticks, AttemptStore attempts, StudentErasure erasure, RunStore runs, CourseStore courses, ViewerAccessor viewers, IDialogService dialogs) : LiveComponentBase
{
    private int _watched;
    private ClassWork? _work;
    private StudentWork? _student;
    private ILookup<string, TaskAttempt> _attempts = Array.Empty<TaskAttempt>().ToLookup(attempt => attempt.Task);
    private string? _erased;
    private string? _refused;
    private bool _erasing;
    private ClassScope _scope = ClassScope.Everybody;
    private bool _mayErase;

    [Parameter, EditorRequired]
    public int MemberId { get; set; }

    /// <summary>Those of the guide, then what they wrote under questions that it no longer has.</summary>
    private List<CourseQuestion> Questions =>
    [
        .. _work!.Questions,
        .. _student!.Answers.Keys.Except(_work.Questions.Select(question => question.Name)).Order()
            .Select(name => new CourseQuestion(s_gone, 0, name, "no longer in the guide", "")),
    ];

    private static readonly Chapter s_gone = new(0, "", "", "", 0, [], []);

    private List<Pin> Loose => [.. _student!.Pins[""]];

    protected override async Task OnParametersSetAsync()
    {
        if (_watched == MemberId) return;

        await FollowNoMoreAsync();
        (_watched, _work, _student, _erased, _refused) = (MemberId, null, null, null, null);
        Follow(WatchAsync);
    }

    private async Task WatchAsync(CancellationToken leave)
    {
        var viewer = await viewers.GetAsync();
        _mayErase = viewer.IsInstructor;
        await foreach (var _ in ticks.ReadAllAsync(leave))
        {
            var work = await reader.ReadAsync(viewer, cancellationToken: leave);
            _scope = ClassScope.Everybody with { Courses = await courses.ListAsync(leave) };
            _attempts = (await attempts.ListAsync(MemberId, leave)).ToLookup(attempt => attempt.Task);
            (_work, _student) = (work, work.Students.FirstOrDefault(student => student.Id == MemberId));
            StateHasChanged();
        }
    }

    private async Task MoveAsync(string? section)
    {
        if (_student is not { } student || !int.TryParse(section, CultureInfo.InvariantCulture, out var id)) return;
        _refused = null;
        try
        {
            await courses.MoveAsync(student.Id, id, await viewers.GetAsync());
            student.Member.SectionId = id;
        }
        catch (RequestRefusedException refusal) { _refused = refusal.Message; }
    }

    private async Task EraseAsync()
    {
        if (_student is not { } student) return;
        _refused = null;
        var belongings = await erasure.CountAsync(student.Id);
        var bytes = await Task.Run(() => belongings.Runs.Sum(run => runs.FolderOf(run).Size()));
        if (!await EraseDialog.AskAsync(dialogs, student.Name, belongings, bytes)) return;

        _erasing = true;
        StateHasChanged();
        try
        {
            await erasure.EraseAsync(student.Id, await viewers.GetAsync());
            (_erased, _student) = (student.Name, null);
        }
        catch (RequestRefusedException refusal)
        {
            _refused = refusal.Message;
        }
        finally
        {
            _erasing = false;
        }
    }
}
