using Pneumothorax.Lab.Classroom.Guide;
using Pneumothorax.Lab.Classroom.Handbook;
using Pneumothorax.Lab.Classroom.Progress;
using Pneumothorax.Lab.Classroom.Tasks;
using Pneumothorax.Lab.Web.Guide.Pictures;
using Pneumothorax.Lab.Web.Shared.Pins;

namespace Pneumothorax.Lab.Web.Guide;

public static class GuideServices
{
    public static void AddGuide(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ChapterLibrary>();
        builder.Services.AddSingleton<HandbookLibrary>();
        builder.Services.AddSingleton<ReadingPositions>();
        builder.Services.AddScoped<CurrentModel>();
        builder.Services.AddScoped<TaskService>();
        builder.Services.AddScoped<CourseProgress>();
        builder.Services.AddScoped<QuestionService>();
        builder.Services.AddScoped<GuideModels>();
        builder.Services.AddSingleton<FinishReader>();
    }
}
