using Pneumothorax.Lab.Classroom.Coursework;
using Pneumothorax.Lab.Classroom.Guide;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.Shared.Pins;

/// <summary>The reader's pins and what the instructor wrote back. One a page (circuit), so that all questions read them once.</summary>
public sealed class QuestionService : IDisposable
{
    private readonly PinStore _pins;
    private readonly AnswerStore _answers;
    private readonly ChapterLibrary _library;
    private readonly ViewerAccessor _viewers;
    private readonly CourseworkNotifier _changes;
    private int? _memberId;

    public QuestionService(PinStore pins, AnswerStore answers, ChapterLibrary library, ViewerAccessor viewers, CourseworkNotifier changes)
    {
        (_pins, _answers, _library, _viewers, _changes) = (pins, answers, library, viewers, changes);
        _changes.Changed += Reload;
    }

    /// <summary>Raised on any thread once pins and comments are read anew.</summary>
    public event Action? Changed;

    /// <summary>All of the reader's, the newest first.</summary>
    public IReadOnlyList<Pin> Pins { get; private set; } = [];

    /// <summary>All that the reader was told, the oldest first.</summary>
    public IReadOnlyList<AnswerComment> Comments { get; private set; } = [];

    /// <summary>As the chapters ask them now.</summary>
    public IReadOnlyList<CourseQuestion> Questions => CourseOutline.QuestionsOf(_library.Chapters);

    /// <summary>Under which question the reader pinned last: most pins come in series.</summary>
    public string? LastQuestion { get; private set; }

    public IReadOnlyList<Pin> PinsUnder(string question) => [.. Pins.Where(pin => pin.Question == question)];

    /// <summary>Pins under no question, or under one that the guide no longer asks.</summary>
    public IReadOnlyList<Pin> UnsortedPins()
    {
        var asked = Questions.Select(question => question.Name).ToHashSet();
        return [.. Pins.Where(pin => pin.Question is null || !asked.Contains(pin.Question))];
    }

    /// <summary>Reads it once; later calls return at once.</summary>
    /// <returns>False for a reader who has not joined.</returns>
    public async Task<bool> EnsureLoadedAsync()
    {
        if (_memberId is not null) return true;
        if ((await _viewers.GetAsync()).MemberId is not { } memberId) return false;
        _memberId = memberId;
        await ReadAsync(memberId);
        return true;
    }

    /// <returns>The reader's own; null while there is none.</returns>
    public async Task<WrittenAnswer?> AnswerAsync(string question) => _memberId is { } memberId ? await _answers.FindAsync(memberId, question) : null;

    /// <exception cref="RequestRefusedException">There are too many pins, the address is too long, or the reader has not joined.</exception>
    public async Task PinAsync(PinnedView view, string? question, string note)
    {
        if (!await EnsureLoadedAsync()) throw new RequestRefusedException("Join the class to pin views.");
        await _pins.AddAsync(_memberId!.Value, question, view.Address, view.Title, view.Picture, note);
        LastQuestion = question;
    }

    /// <summary>Changes note and question of one of the reader's pins.</summary>
    public async Task ChangeAsync(Pin pin, string? question, string note)
    {
        if (pin.Note != note.Trim()) await _pins.NoteAsync(pin.Id, pin.MemberId, note);
        if (pin.Question != question) await _pins.MoveAsync(pin.Id, pin.MemberId, question);
    }

    public Task RemoveAsync(Pin pin) => _pins.DeleteAsync(pin.Id, pin.MemberId);

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
        (Pins, Comments) = (await _pins.ListAsync(memberId), await _answers.CommentsAsync(memberId));
    }
}
