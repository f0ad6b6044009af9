using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Coursework;
using Pneumothorax.Lab.Web.Classroom;

namespace Pneumothorax.Lab.Web.Guide;

/// <summary>What the reader has solved and answered. One a page (circuit): rail, tasks and questions show the same.</summary>
public sealed class CourseProgress : IDisposable
{
    private readonly AttemptStore _attempts;
    private readonly AnswerStore _answers;
    private readonly ViewerAccessor _viewers;
    private readonly CourseworkChanges _changes;
    private int? _memberId;

    public CourseProgress(AttemptStore attempts, AnswerStore answers, ViewerAccessor viewers, CourseworkChanges changes)
    {
        (_attempts, _answers, _viewers, _changes) = (attempts, answers, viewers, changes);
        _changes.Changed += Reload;
    }

    /// <summary>Raised on any thread once new standings are read.</summary>
    public event Action? Changed;

    /// <summary>By task name; a task that was never tried is absent.</summary>
    public IReadOnlyDictionary<string, TaskStanding> Standings { get; private set; } = new Dictionary<string, TaskStanding>();

    /// <summary>Names of the questions that have an answer.</summary>
    public IReadOnlySet<string> Answered { get; private set; } = new HashSet<string>();

    public bool IsDone(CourseItem item) => item.IsQuestion ? Answered.Contains(item.Name) : Standings.GetValueOrDefault(item.Name)?.IsSolved == true;

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
        Standings = await _attempts.StandingsAsync(memberId);
        Answered = (await _answers.ListAsync(memberId)).Where(answer => IsAnswer(answer.Text)).Select(answer => answer.Question).ToHashSet();
    }

    /// <summary>A few words are a beginning, not an answer.</summary>
    public static bool IsAnswer(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length >= LeastWords;

    /// <summary>Words that count as an answer.</summary>
    public const int LeastWords = 8;
}
