using Pneumothorax.Lab.Classroom.Coursework;
using Pneumothorax.Lab.Classroom.Guide;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.Guide;

/// <summary>What the reader has solved and answered. One a page (circuit): rail, tasks and questions show the same.</summary>
public sealed class CourseProgress : IDisposable
{
    private readonly AttemptStore _attempts;
    private readonly AnswerStore _answers;
    private readonly ViewerAccessor _viewers;
    private readonly CourseworkNotifier _changes;
    private int? _memberId;

    public CourseProgress(AttemptStore attempts, AnswerStore answers, ViewerAccessor viewers, CourseworkNotifier changes)
    {
        (_attempts, _answers, _viewers, _changes) = (attempts, answers, viewers, changes);
        _changes.Changed += Reload;
    }

    /// <summary>Raised on any thread once new standings are read.</summary>
    public event Action? Changed;

    /// <summary>By task name; a task that was never tried is absent.</summary>
    public IReadOnlyDictionary<string, TaskStanding> Standings { get; private set; } = new Dictionary<string, TaskStanding>();

    /// <summary>By question; one that was never written to is absent.</summary>
    public IReadOnlyDictionary<string, AnswerStanding> Answers { get; private set; } = new Dictionary<string, AnswerStanding>();

    /// <summary>A task is done once it is solved, a question once there is a sentence and a pinned view under it.</summary>
    public bool IsDone(CourseItem item) => item is CourseQuestion
        ? Answers.GetValueOrDefault(item.Name) is { IsComplete: true }
        : Standings.GetValueOrDefault(item.Name)?.IsSolved == true;

    /// <summary>Reads it once; later calls return at once.</summary>
    public async Task EnsureLoadedAsync()
    {
        if (_memberId is not null || (await _viewers.GetAsync()).MemberId is not { } memberId) return;
        _memberId = memberId;
        await ReadAsync(memberId);
    }

    public void Dispose() => _changes.Changed -= Reload;

    private void Reload(int memberId)
    {
        if (memberId == _memberId) _ = ReloadAsync(memberId);
    }

    private async Task ReloadAsync(int memberId)
    {
        await ReadAsync(memberId);
        Changed?.Invoke();
    }

    private async Task ReadAsync(int memberId)
    {
        (Standings, Answers) = (await _attempts.StandingsAsync(memberId), await _answers.StandingsAsync(memberId));
    }
}
