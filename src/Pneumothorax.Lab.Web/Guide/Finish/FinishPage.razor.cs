using Pneumothorax.Lab.Classroom.Progress;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.Guide.Finish;

/// <summary>The end of the guide: what is still open, or a certificate with what the student measured.</summary>
public sealed partial class FinishPage(FinishReader reader, ViewerAccessor viewers)
{
    private FinishSummary? _summary;
    private bool _isRead;

    protected override async Task OnInitializedAsync()
    {
        var viewer = await viewers.GetAsync();
        if (viewer.MemberId is { } memberId) _summary = await reader.ReadAsync(memberId);
        _isRead = true;
    }
}
