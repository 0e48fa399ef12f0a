FROM python:3.13-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir gunicorn==23.0.0 -r requirements.txt
COPY app.py .
USER 10001
EXPOSE 8000
ENTRYPOINT ["gunicorn", "--chdir", "/app", "--bind", "0.0.0.0:8000", "app:app"]
