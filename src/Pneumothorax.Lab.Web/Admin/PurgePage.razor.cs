using System.Globalization;
using Microsoft.AspNetCore.Components;
using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Experiments.Text;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Identity;
using Pneumothorax.Lab.Web.Shared.Pages;

namespace Pneumothorax.Lab.Web.Admin;

/// <summary>The purge of a course: first figures, then a typed confirmation, then how far it is.</summary>
public sealed partial class PurgePage(CourseStore courses, PurgeStore purges, ViewerAccessor viewers, TimeProvider clock) : LiveComponentBase
{
    private Course? _course;
    private CourseHoldings? _held;
    private Purge? _purge;
    private PurgeChoice _choice;
    private string _typed = "";
    private string? _refused;
    private DateTimeOffset _now;
    private bool _isRead;

    [Parameter, EditorRequired]
    public int CourseId { get; set; }

    protected override void OnInitialized() => Follow(WatchAsync);

    private bool IsMeant(Course course, CourseHoldings held) => _typed.Trim() == course.Name && held.Count(_choice) > 0;

    private void Choose(PurgeChoice choice) => (_choice, _refused) = (choice, null);

    /// <summary>What is left where it is, said before.</summary>
    private string? Stays(CourseHoldings held) => _choice == PurgeChoice.Students
        ? held.Busy > 0 ? $"{DisplayText.Count(held.Busy, "student")} with a run queued or in progress {(held.Busy == 1 ? "stays" : "stay")}." : null
        : held.Under > 0 ? $"{DisplayText.Count(held.Under, "run")} queued or in progress {(held.Under == 1 ? "stays" : "stay")}, with {CourseText.Megabytes(held.BytesUnder)}." : null;

    private async Task WatchAsync(CancellationToken leave)
    {
        _course = (await courses.ListAsync(leave)).FirstOrDefault(course => course.Id == CourseId);
        _isRead = true;
        if (_course is null)
        {
            StateHasChanged();
            return;
        }
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        do
        {
            var was = _purge;
            _purge = await purges.LatestAsync(CourseId, leave);
            _now = clock.GetLocalNow();
            if (_purge is not { IsOver: false } && (_held is null || was is { IsOver: false }))
            {
                StateHasChanged();
                _held = await purges.HoldingsAsync(CourseId, leave);
                StateHasChanged();
            }
            else if (was?.SeenAt != _purge?.SeenAt || was?.Id != _purge?.Id)
            {
                StateHasChanged();
            }
        } while (await timer.WaitForNextTickAsync(leave));
    }

    private async Task StartAsync()
    {
        if (_course is not { } course || _held is not { } held || !IsMeant(course, held)) return;
        try
        {
            _purge = await purges.StartAsync(CourseId, _choice, await viewers.GetAsync());
            (_typed, _refused) = ("", null);
        }
        catch (RequestRefusedException refusal) { _refused = refusal.Message; }
    }

    private static string Percent(Purge purge) => (100.0 * purge.Done / Math.Max(1, purge.Total)).ToString("0.#", CultureInfo.InvariantCulture);

    private static string Capital(string words) => words[..1].ToUpperInvariant() + words[1..];
}
